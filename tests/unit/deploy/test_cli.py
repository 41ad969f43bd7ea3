"""The command line: what it refuses, and in which words."""

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
