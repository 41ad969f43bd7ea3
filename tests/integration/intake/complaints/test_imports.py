"""Complaints from another system: in bulk, once each, with the events of a life lived elsewhere."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from services.intake.complaints.imports import ComplaintRow, store, storing
from services.intake.context import Kit
from services.intake.tables import complaint, incident, messaging, reporter_key
from shared.contracts.risk import LocationRegistered
from shared.imports import Rejection
from tests.integration.intake.conftest import Intake

RECEIVED = datetime(2024, 3, 4, 8, 0, tzinfo=UTC)


def a_row(key: str, **changes: Any) -> ComplaintRow:
    values: dict[str, Any] = {
        "source_key": key,
        "received_at": RECEIVED,
        "category": "Geur of stank",
        "description": "Overgenomen melding",
        "location_number": "L-IMPORT",
    }
    return ComplaintRow(**{**values, **changes})


def a_closed_row(key: str, **changes: Any) -> ComplaintRow:
    ended: dict[str, Any] = {
        "outcome": "gegrond",
        "cause": "Storing",
        "assessed_at": RECEIVED + timedelta(days=3),
        "closed_at": RECEIVED + timedelta(days=4),
        "reporter_name": "J. Voorbeeld",
        "reporter_email": "j@example.nl",
    }
    return a_row(key, **{**ended, **changes})


@pytest.fixture(scope="module", autouse=True)
async def place(intake: Intake) -> LocationRegistered:
    return await intake.location(number="L-IMPORT")


@pytest.fixture(autouse=True)
def kit(intake: Intake, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Kit(intake.settings)
    monkeypatch.setattr(storing, "_kit", lambda: known)


async def stored(intake: Intake, *rows: ComplaintRow) -> list[Rejection]:
    async with intake.db.work(actor="import") as work:
        return await store(rows, work)


async def find(intake: Intake, key: str) -> Any:
    (row,) = await intake.rows(select(complaint).where(complaint.c.source_key == key))
    return row


async def test_a_closed_complaint_lived_the_whole_life(intake: Intake) -> None:
    assert await stored(intake, a_closed_row("A-1")) == []
    row = await find(intake, "A-1")
    assert (row["state"], row["version"], row["within_term"]) == ("afgehandeld", 4, True)
    assert row["number"].startswith("K-2024-")
    assert (row["participant"], row["cause"]) == ("gm0153", "storing")
    assert await intake.published(row["id"]) == [
        "klacht-ontvangen",
        "klacht-gekoppeld",
        "klacht-beoordeeld",
        "klacht-afgehandeld",
    ]
    (about,) = await intake.rows(select(incident).where(incident.c.id == row["incident_id"]))
    assert (about["state"], about["perpetrator"]) == ("afgesloten", "geverifieerd")


async def test_a_second_run_changes_nothing(intake: Intake) -> None:
    await stored(intake, a_row("A-2"), a_row("A-3"))
    before = await intake.rows(select(func.count()).select_from(messaging.outbox))
    assert await stored(intake, a_row("A-2"), a_row("A-3")) == []
    assert await intake.rows(select(func.count()).select_from(messaging.outbox)) == before


async def test_complaints_of_one_incident_share_it_over_batches(intake: Intake) -> None:
    await stored(intake, a_closed_row("B-1", incident_key="I-7"), a_row("B-2", incident_key="I-7"))
    await stored(intake, a_row("B-3", incident_key="I-7", received_at=RECEIVED - timedelta(days=2)))
    incidents = {(await find(intake, key))["incident_id"] for key in ("B-1", "B-2", "B-3")}
    assert len(incidents) == 1
    (about,) = await intake.rows(select(incident).where(incident.c.id == incidents.pop()))
    assert about["started_at"] == RECEIVED - timedelta(days=2)
    assert about["state"] == "lopend"


async def test_what_cannot_be_taken_over_says_why_and_the_rest_goes_on(intake: Intake) -> None:
    rejected = await stored(
        intake,
        a_row("C-1", category="lawaai"),
        a_row("C-2", location_number="L-WEG"),
        a_row("C-3", received_at=datetime(2030, 1, 1, tzinfo=UTC)),
        a_closed_row("C-4", closed_at=RECEIVED - timedelta(days=1)),
        a_closed_row("C-5", location_number=None, outcome="gegrond"),
        a_row("C-6"),
        a_row("C-6"),
    )
    assert [one.source_key for one in rejected] == ["C-6", "C-1", "C-2", "C-3", "C-4", "C-5"]
    reasons = {one.source_key: one.reason for one in rejected}
    assert "geur" in reasons["C-1"]
    assert "L-WEG" in reasons["C-2"]
    assert "volgorde" in reasons["C-4"]
    open_now = await find(intake, "C-6")
    # Nobody here handles it yet: it stands among those that wait for somebody.
    assert (open_now["state"], open_now["handler"]) == ("in behandeling", None)


async def test_an_address_finds_the_location_when_only_one_is_there(intake: Intake) -> None:
    row = a_row("D-1", location_number=None, postcode="7511 ab", house_number="1")
    only = await intake.location(
        number="L-ADRES",
        address={"street": "Kade", "house_number": "9", "postcode": "7522XX", "city": "Enschede"},
    )
    alone = a_row("D-2", location_number=None, postcode="7522 xx", house_number="9 ")
    assert await stored(intake, row, alone) == []
    found = await find(intake, "D-2")
    assert (found["location_id"], found["postcode"]) == (only.location_id, "7522 XX")


async def test_without_a_place_it_waits_for_somebody(intake: Intake) -> None:
    row = a_row("E-1", location_number=None, longitude=6.89, latitude=52.22, participant="gm0164")
    assert await stored(intake, row) == []
    found = await find(intake, "E-1")
    assert (found["state"], found["participant"]) == ("ontvangen", "gm0164")
    assert found["rd_x"] is not None


async def test_ten_thousand_rows_are_quick(intake: Intake) -> None:
    rows = [a_closed_row(f"F-{n}", incident_key=f"G-{n // 3}") for n in range(10_000)]
    start = time.process_time()
    for at in range(0, len(rows), 1000):
        assert await stored(intake, *rows[at : at + 1000]) == []
    took = time.process_time() - start
    (kept,) = await intake.rows(
        select(func.count()).where(complaint.c.source_key.startswith("F-", autoescape=True))
    )
    assert kept["count_1"] == 10_000
    (keys,) = await intake.rows(select(func.count()).select_from(reporter_key))
    assert keys["count_1"] >= 10_000
    # Time of the processor, so that a busy machine does not fail it.
    assert took < 15, f"{took:.1f} s"
