"""Whoever operates the platform gets a sentence that says what to do, not a traceback."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
import pytest
from pydantic import ValidationError

from deploy.error_sentences import sentence_of
from deploy.operator_errors import OperatorError
from shared.settings import Settings


def caught(**settings: object) -> ValidationError:
    with pytest.raises(ValidationError) as error:
        Settings.model_validate(settings)
    return error.value


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OperatorError("Doe dit."), "Doe dit."),
        (OSError(errno.ENOSPC, "No space left on device"), "De schijf is vol"),
        (ConnectionRefusedError(111, "Connect call failed"), "Draait het platform?"),
        (OSError("Multiple exceptions: Connect call failed"), "Draait het platform?"),
        (asyncpg.DiskFullError("could not extend"), "De schijf van de database is vol"),
        (asyncpg.InvalidPasswordError("no"), "VTH_DATABASE_PASSWORD_<DIENST>"),
        (asyncpg.InvalidCatalogNameError("database does not exist"), "vth migrate"),
        (asyncpg.UndefinedTableError("relation does not exist"), "vth migrate"),
        (
            asyncpg.FeatureNotSupportedError('extension "pg_trgm" is not available'),
            "postgresql-contrib",
        ),
        (
            asyncpg.InsufficientPrivilegeError('permission denied to create extension "pg_trgm"'),
            "CREATE EXTENSION pg_trgm",
        ),
        (caught(pool_size=0), "VTH_POOL_SIZE"),
        (ExceptionGroup("several", [OperatorError("Doe dit.")]), "Doe dit."),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, BaseException) else "",
)
def test_what_an_operator_can_mend_is_a_sentence(error: BaseException, said: str) -> None:
    assert said in (sentence_of(error) or "")


def test_what_caused_an_error_counts() -> None:
    error = RuntimeError("wrapped")
    error.__cause__ = OperatorError("Doe dit.")
    assert sentence_of(error) == "Doe dit."


@pytest.mark.parametrize("error", [KeyError("x"), OSError(errno.ENOENT, "no such file")])
def test_our_own_error_keeps_its_traceback(error: BaseException) -> None:
    assert sentence_of(error) is None


def test_a_wrong_setting_shows_no_value() -> None:
    assert "hunter2" not in (sentence_of(caught(pool_size="hunter2")) or "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["events", "status"], "Draait het platform?"),
        (["serve", "intake"], "Niemand kan inloggen"),
        (["migrate"], "Draait het platform?"),
    ],
)
def test_outside_an_installation_a_command_says_what_is_needed(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    done = vth(arguments, tmp_path, VTH_DATABASE_URL="postgresql://nobody@127.0.0.1:1")
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_production_gets_no_example_data(tmp_path: Path) -> None:
    done = vth(
        ["demo"],
        tmp_path,
        VTH_ENVIRONMENT="production",
        VTH_OIDC_ISSUER="https://login.example.nl/realms/vth",
    )
    assert done.returncode == 1
    assert "geen voorbeeldgegevens" in done.stderr


def test_broken_secrets_are_told_by_their_file(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text('{"VTH_MASTER_KEY": ', "utf-8")
    done = vth(["events", "status"], tmp_path, VTH_HOME=str(tmp_path))
    assert done.returncode == 1
    assert "secrets.json is beschadigd" in done.stderr


def vth(arguments: list[str], folder: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VTH_")}
    return subprocess.run(
        [sys.executable, "-m", "deploy.cli", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(Path(__file__).parents[3]), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
