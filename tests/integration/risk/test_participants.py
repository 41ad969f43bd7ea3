"""The participants come by event: their names on screen, and who can be chosen."""

from datetime import date
from typing import Any

import httpx2
import pytest

from shared import participants
from shared.contracts.reporting import ParticipantRegistered
from tests.integration.risk.conftest import Risk, registered


def told(**changes: Any) -> ParticipantRegistered:
    values = {
        "version": 1,
        "participant": "gm0153",
        "name": "Enschede",
        "joined_on": date(2013, 1, 1),
    }
    return ParticipantRegistered(**{**values, **changes})


async def shown(planner: httpx2.AsyncClient) -> str:
    return (await planner.get("/locaties")).text


async def test_the_newest_name_is_shown_and_an_older_event_changes_nothing(
    risk: Risk, planner: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await registered(planner)
    assert "<td>gm0153</td>" in await shown(planner)
    await risk.deliver(told(version=2, name="Gemeente Enschede"), told())
    assert "<td>Gemeente Enschede</td>" in await shown(planner)
    await risk.deliver(told())
    monkeypatch.setattr(participants, "FRESH_SECONDS", 0.0)
    assert "<td>Gemeente Enschede</td>" in await shown(planner)


async def test_who_left_is_named_but_not_offered(risk: Risk, planner: httpx2.AsyncClient) -> None:
    await risk.deliver(
        told(participant="gm0164", name="Hengelo"),
        told(participant="gm0141", name="Almelo", left_on=date(2026, 1, 1)),
    )
    await registered(planner, deelnemer="gm0141")
    await shown(planner)
    page = await shown(planner)
    assert "<td>Almelo</td>" in page
    assert '<option value="gm0141"' not in page
    assert '<option value="gm0164"' in page


async def test_a_participant_is_offered_itself_alone(risk: Risk) -> None:
    await risk.deliver(told(participant="gm0164", name="Hengelo"), told())
    async with risk.client("hengelo") as hengelo:
        page = await shown(hengelo)
    assert '<option value="gm0164"' in page
    assert '<option value="gm0153"' not in page
