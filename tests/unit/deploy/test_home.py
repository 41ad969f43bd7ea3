"""The local home: secrets once and for the owner alone, explicit variables win."""

import json
import os
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy import home
from deploy.home import Home


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No VTH_* variable from outside, and none left behind."""
    for name in [name for name in os.environ if name.startswith("VTH_")]:
        monkeypatch.delenv(name)
    before = dict(os.environ)
    yield
    os.environ.clear()
    os.environ.update(before)


def test_secrets_are_made_once_and_only_the_owner_reads_them(tmp_path: Path) -> None:
    first = Home(tmp_path / "home").environment()
    assert Home(tmp_path / "home").environment() == first
    assert len(b64decode(first["VTH_MASTER_KEY"])) == 32
    assert (tmp_path / "home" / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_two_installations_share_no_secret(tmp_path: Path) -> None:
    one, other = (Home(tmp_path / name).environment() for name in ("one", "other"))
    assert {one[name] for name in one} & {other[name] for name in other} == set()


def test_a_variable_that_is_set_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTH_TOKEN_KEY", "chosen by the administrator")
    assert "VTH_TOKEN_KEY" not in Home(tmp_path).environment()


def test_a_command_beside_the_platform_uses_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VTH_HOME", str(tmp_path))
    Home(tmp_path).environment()
    kept = json.loads((tmp_path / "secrets.json").read_text())
    assert home.settings().token_key.get_secret_value() == kept["VTH_TOKEN_KEY"]


def test_production_takes_nothing_from_a_local_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VTH_HOME", str(tmp_path))
    Home(tmp_path).environment()
    monkeypatch.setenv("VTH_ENVIRONMENT", "production")
    with pytest.raises(ValueError, match="VTH_OIDC_ISSUER"):
        home.settings()


def test_wiping_leaves_nothing(tmp_path: Path) -> None:
    made = Home(tmp_path / "home")
    made.environment()
    made.wipe()
    assert not made.path.exists()
    assert not made.installed
