"""Complaints from another system: in bulk, once each, with the events of a life lived elsewhere."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import func, select

from services.intake.complaints.imports import ComplaintRow, store, taking_over
from services.intake.context import Kit
from services.intake.tables import complaint, complaint_act, incident, messaging, reporter_key
from shared.auth.sight import Sight
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
    monkeypatch.setattr(taking_over, "_kit", lambda: known)


async def stored(intake: Intake, *rows: ComplaintRow) -> list[Rejection]:
    async with intake.db.work(actor="import", sight=Sight.ALL) as work:
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


async def test_an_incident_has_the_year_in_which_it_began(intake: Intake) -> None:
    late = datetime(2024, 1, 2, 8, 0, tzinfo=UTC)
    began = datetime(2023, 12, 31, 20, 0, tzinfo=UTC)
    rows = [a_row("H-1"), a_row("H-2", received_at=late, occurred_at=began)]
    assert await stored(intake, *rows) == []
    numbers = {}
    for key in ("H-1", "H-2"):
        row = await find(intake, key)
        (about,) = await intake.rows(select(incident).where(incident.c.id == row["incident_id"]))
        numbers[key] = (row["number"][:6], about["number"][:6])
    assert numbers == {"H-1": ("K-2024", "I-2024"), "H-2": ("K-2024", "I-2023")}


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
async def test_an_incident_with_an_open_complaint_runs_in_whatever_order_rows_come(
    intake: Intake, order: tuple[int, ...]
) -> None:
    name = "".join(map(str, order))
    rows = [
        a_closed_row(f"J-{name}-0", incident_key=f"J-{name}"),
        a_row(f"J-{name}-1", incident_key=f"J-{name}"),
        a_closed_row(f"J-{name}-2", incident_key=f"J-{name}"),
    ]
    assert await stored(intake, rows[order[0]], rows[order[1]]) == []
    assert await stored(intake, rows[order[2]]) == []
    row = await find(intake, f"J-{name}-0")
    (about,) = await intake.rows(select(incident).where(incident.c.id == row["incident_id"]))
    assert (about["state"], about["concluded_at"]) == ("lopend", None)


async def test_an_incident_ends_with_the_last_of_its_complaints(intake: Intake) -> None:
    first = a_closed_row("L-1", incident_key="L")
    last = a_closed_row("L-2", incident_key="L", closed_at=RECEIVED + timedelta(days=9))
    assert await stored(intake, last, first) == []
    row = await find(intake, "L-1")
    (about,) = await intake.rows(select(incident).where(incident.c.id == row["incident_id"]))
    assert (about["state"], about["concluded_at"]) == ("afgesloten", last.closed_at)


async def test_a_row_that_is_refused_leaves_no_incident_behind(intake: Intake) -> None:
    before = await intake.rows(select(func.count()).select_from(incident))
    outcome = {"outcome": "gegrond", "cause": "Storing"}
    away = a_row("M-1", **outcome, closed_at=RECEIVED - timedelta(hours=1))
    assert [one.source_key for one in await stored(intake, away)] == ["M-1"]
    assert await intake.rows(select(func.count()).select_from(incident)) == before


async def test_a_closing_on_the_day_of_receipt_without_a_time_is_after_the_receipt(
    intake: Intake,
) -> None:
    midnight = datetime(2024, 3, 3, 23, 0, tzinfo=UTC)
    row = a_closed_row("N-1", assessed_at=midnight, closed_at=midnight)
    assert await stored(intake, row) == []
    found = await find(intake, "N-1")
    assert found["closed_at"] == found["received_at"] == RECEIVED


@pytest.mark.parametrize("days", [-1, 40_000])
async def test_a_first_contact_lies_between_receipt_and_now(intake: Intake, days: int) -> None:
    row = a_row(f"O-{days}", first_contact_at=RECEIVED + timedelta(days=days))
    (refused,) = await stored(intake, row)
    assert refused.reason.startswith("first_contact_at: ")


@pytest.mark.parametrize(
    "changes",
    [
        {"postcode": "BLAB LA"},
        {"reporter_email": "geen"},
        {"reporter_phone": "bel maar"},
        {"reporter_name": "x" * 101},
        {"street": "x" * 256},
    ],
)
def test_a_row_is_as_bounded_as_what_is_typed(changes: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        a_row("P-1", **changes)


async def test_what_another_system_answered_is_an_act_as_well(intake: Intake) -> None:
    rows = [a_closed_row("ACT-1"), a_row("ACT-2")]
    assert await stored(intake, *rows) == []
    (act,) = await intake.rows(
        select(complaint_act.c.closed_at, complaint_act.c.outcome, complaint.c.source_key)
        .join(complaint, complaint.c.id == complaint_act.c.complaint_id)
        .where(complaint.c.source_key.like("ACT-_"))
    )
    assert act["source_key"] == rows[0].source_key
    assert (act["closed_at"], act["outcome"]) == (rows[0].closed_at, rows[0].outcome)
