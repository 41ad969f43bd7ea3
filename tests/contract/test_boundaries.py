"""What import-linter cannot say: a domain imports the standard library and little else."""

import ast
import re
import sys
from pathlib import Path

import pytest

from shared.settings import SERVICES

ROOT = Path(__file__).resolve().parents[2]
PURE = ("contracts", "calendar", "clock", "errors", "state_machine", "money")


def imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def is_pure(name: str, service: str) -> bool:
    first, *rest = name.split(".")
    if first == "shared":
        return bool(rest) and rest[0] in PURE
    if first == "services":
        return bool(re.match(rf"services\.{service}(\.\w+)?\.domain\b", name))
    return first in sys.stdlib_module_names


@pytest.mark.parametrize("service", SERVICES)
def test_a_domain_imports_the_standard_library_and_contracts(service: str) -> None:
    home = ROOT / "services" / service
    files = sorted({*home.glob("**/domain/**/*.py"), *home.glob("*/domain.py")})
    assert files
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported(path)
        if not is_pure(name, service)
    }
    assert not strangers


@pytest.mark.parametrize(
    "name", ["sqlalchemy", "shared.db.database", "shared", "services.risk.domain"]
)
def test_other_imports_would_be_seen(name: str) -> None:
    assert not is_pure(name, "intake")
