"""What is generated from the code is committed as the code says it now."""

from pathlib import Path

import pytest

from shared.settings import SERVICES
from tools.generate import ROOT, generated

FILES = generated()
OPENAPI = ROOT / "docs" / "openapi"


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", sorted(FILES), ids=name_of)
def test_is_up_to_date(path: Path) -> None:
    assert path.is_file(), f"{name_of(path)} is not there: run `make docs`"
    assert path.read_text("utf-8") == FILES[path], f"{name_of(path)}: run `make docs`"


def test_every_service_has_one_document() -> None:
    assert {path.stem for path in OPENAPI.iterdir()} == set(SERVICES)
