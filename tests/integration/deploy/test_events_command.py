"""`vth events`: what waits, what is parked, and what becomes of it."""

import json
from collections.abc import Callable, Mapping
from uuid import UUID, uuid4

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.settings import Settings

KEY = "5f1c7a52-0000-7000-8000-000000000001"
PARKED = """
INSERT INTO parked_event (consumer, event_id, topic, partition, key, type, payload, error, attempts)
VALUES ('intake', $1, 'vth.risk.v1', 0, $2, 'nl.vth.risicoscores.risicoscore-berekend', '\\x7b7d',
        'onleesbaar', 3)
"""
Vth = Callable[..., Result]


@pytest.fixture
async def parked(platform_settings: Settings) -> UUID:
    """An event that stands parked in intake."""
    event = uuid4()
    connection = await asyncpg.connect(platform_settings.database_for("intake"))
    await connection.execute("DELETE FROM parked_event")
    await connection.execute(PARKED, event, KEY)
    await connection.close()
    return event


@pytest.fixture
def vth(platform_settings: Settings) -> Vth:
    environment = {
        "VTH_ENVIRONMENT": "test",
        "VTH_DATABASE_URL": platform_settings.database_url.get_secret_value(),
        "COLUMNS": "250",
    }
    runner = CliRunner(env=environment)

    def run(*arguments: str, env: Mapping[str, str] | None = None) -> Result:
        return runner.invoke(app, ["events", *arguments], catch_exceptions=False, env=env)

    return run


def test_the_status_counts_what_waits(vth: Vth, parked: UUID) -> None:
    shown = vth("status")
    assert shown.exit_code == 0
    (line,) = (line for line in shown.output.splitlines() if "intake" in line)
    assert [cell.strip() for cell in line.strip("│").split("│")][1:] == ["0", "0", "0", "1"]


def test_parked_events_are_shown_with_what_is_needed_to_act(vth: Vth, parked: UUID) -> None:
    shown = vth("parked", "intake").output
    for text in (str(parked), "vth.risk.v1", KEY, "onleesbaar"):
        assert text in shown
    assert str(parked) not in vth("parked", "risk").output


def test_parked_events_can_be_read_by_a_script(vth: Vth, parked: UUID) -> None:
    (shown,) = json.loads(vth("parked", "intake", "--json").output)
    assert shown["event_id"] == str(parked)
    assert (shown["topic"], shown["key"], shown["attempts"]) == ("vth.risk.v1", KEY, 3)
    assert json.loads(vth("parked", "risk", "--json").output) == []


def test_a_narrow_terminal_cuts_no_identity(vth: Vth, parked: UUID) -> None:
    shown = vth("parked", "intake", env={"COLUMNS": "80"}).output
    cells = [line.split("│") for line in shown.splitlines() if line.startswith("│")]
    assert "".join(cell[1].strip() for cell in cells) == str(parked)
    assert "".join(cell[4].strip() for cell in cells) == KEY


def test_a_key_is_retried(vth: Vth, parked: UUID) -> None:
    assert "1 gebeurtenis" in vth("retry", "intake", "vth.risk.v1", KEY).output
    refused = vth("retry", "intake", "vth.risk.v1", "unknown")
    assert refused.exit_code == 1
    assert "geen geparkeerde" in refused.output


def test_an_event_is_discarded_with_a_reason(vth: Vth, parked: UUID) -> None:
    assert vth("discard", "intake", str(parked)).exit_code == 2
    assert vth("discard", "intake", str(parked), "--reason", " ").exit_code == 1
    assert vth("discard", "intake", str(parked), "--reason", "dubbel verstuurd").exit_code == 0
    assert str(parked) not in vth("parked", "intake").output
