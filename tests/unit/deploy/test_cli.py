"""The command line: what it refuses, and in which words."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from deploy.home import Home


@pytest.fixture
def runner(tmp_path: Path) -> CliRunner:
    return CliRunner(env={"VTH_HOME": str(tmp_path / "home"), "VTH_TOKEN_KEY": None})


def test_every_command_is_there(runner: CliRunner) -> None:
    shown = runner.invoke(app, ["--help"]).output
    for command in (
        *("up", "serve", "worker", "relay", "migrate", "demo", "import", "events"),
        *("openapi", "asyncapi", "token", "reset"),
    ):
        assert f" {command} " in shown


@pytest.mark.parametrize("command", ["serve", "worker", "relay", "migrate"])
def test_an_unknown_service_is_refused(runner: CliRunner, command: str) -> None:
    result = runner.invoke(app, [command, "nergens"])
    assert result.exit_code == 2
    assert "intake, risk, enforcement, reporting" in result.output


def test_a_token_of_an_example_user(runner: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VTH_TOKEN_KEY", "a-key-that-is-long-enough-for-hs256-signatures")
    runner.env = {**runner.env, "VTH_TOKEN_KEY": "a-key-that-is-long-enough-for-hs256-signatures"}
    result = runner.invoke(app, ["token", "jurist"])
    assert result.exit_code == 0
    assert result.output.count(".") == 2


def test_a_token_of_nobody_is_refused(runner: CliRunner) -> None:
    result = runner.invoke(app, ["token", "niemand"])
    assert result.exit_code == 1
    assert "niemand" in result.output


def test_a_reset_asks_first(runner: CliRunner, tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.environment()
    assert runner.invoke(app, ["reset"], input="n\n").exit_code == 1
    assert home.installed
    assert runner.invoke(app, ["reset", "--yes"]).exit_code == 0
    assert not home.path.exists()


def test_a_reset_of_nothing_says_so(runner: CliRunner) -> None:
    result = runner.invoke(app, ["reset", "--yes"])
    assert result.exit_code == 0
    assert "niets" in result.output


def test_asyncapi_names_every_topic(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, ["asyncapi", "--folder", str(tmp_path)])
    assert result.exit_code == 0, result.output
    written = (tmp_path / "asyncapi.json").read_text()
    for service in ("intake", "risk", "enforcement", "reporting"):
        assert f"vth.{service}.v1" in written


def test_an_import_of_an_unknown_kind_names_the_kinds(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a;b\n")
    result = runner.invoke(app, ["import", "dingen", str(tmp_path / "rows.csv")])
    assert result.exit_code == 1
    for kind in ("controles", "klachten", "locaties", "uren"):
        assert kind in result.output


def test_an_import_says_which_columns_are_missing(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("niets;bruikbaars\n1;2\n")
    result = runner.invoke(app, ["import", "locaties", str(tmp_path / "rows.csv"), "--dry-run"])
    assert result.exit_code == 1
    assert "source_key" in result.output


def test_openapi_is_written_for_every_service(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, ["openapi", "--folder", str(tmp_path)])
    assert result.exit_code == 0, result.output
    for service in ("intake", "risk", "enforcement", "reporting"):
        document = json.loads((tmp_path / "openapi" / f"{service}.json").read_text())
        assert document["paths"]
