"""Inspections of another system arrive with what followed, once."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from services.enforcement.imports import store
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.tables import finding, inspection, measure, messaging, term, violation
from shared.auth.sight import Sight
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind, Instrument
from shared.imports import Rejection
from tests.integration.enforcement.conftest import TODAY, Enforcement


async def imported(enforcement: Enforcement, *rows: InspectionRow) -> list[Rejection]:
    enforcement.at(TODAY)
    async with enforcement.db.work(actor="import", sight=Sight.ALL) as work:
        return await store(rows, work)


def a_row(number: str, key: str, **changes: Any) -> InspectionRow:
    values: dict[str, Any] = {
        "source_key": key,
        "location_number": number,
        "completed_on": date(2026, 3, 2),
    }
    return InspectionRow(**{**values, **changes})


def violated(number: str, key: str, **changes: Any) -> InspectionRow:
    values: dict[str, Any] = {
        "nature": "Geurvoorschrift niet nageleefd",
        "consequence": Consequence.SIGNIFICANT,
        "behaviour": Behaviour.INDIFFERENT,
        "instrument": Instrument.PENALTY_ORDER,
        "imposed_on": date(2026, 3, 20),
        "amount": Decimal("2500.00"),
    }
    return a_row(number, key, **{**values, **changes})


async def test_a_case_of_the_past_is_stored_whole_and_tells_what_happened(
    enforcement: Enforcement,
) -> None:
    place = await enforcement.location()
    rows = (
        violated(place.number, "CT-1", resolved_on=date(2026, 5, 4)),
        a_row(
            place.number, "HC-1", kind=InspectionKind.REINSPECTION, completed_on=date(2026, 5, 4)
        ),
    )
    assert await imported(enforcement, *rows) == []
    (case,) = await enforcement.rows(
        select(violation).where(violation.c.location_id == place.location_id)
    )
    assert (case["state"], case["cell"], case["nature"]) == ("hersteld", "B3", "geur")
    assert case["matrix_version"] == "lhso-voorbeeld-1"
    (kept,) = await enforcement.rows(select(measure).where(measure.c.violation_id == case["id"]))
    assert (kept["state"], kept["amount"]) == ("uitgevoerd", Decimal("2500.00"))
    assert await enforcement.published(case["id"]) == [
        "overtreding-geconstateerd",
        "overtreding-gepositioneerd",
        "overtreding-hersteld",
    ]
    (again,) = await enforcement.rows(select(inspection).where(inspection.c.source_key == "HC-1"))
    assert again["violation_id"] == case["id"]
    (seen,) = await enforcement.rows(select(finding).where(finding.c.inspection_id == again["id"]))
    assert (seen["result"], seen["violation_id"]) == ("voorschriften nageleefd", case["id"])


async def test_an_open_order_keeps_its_clock(enforcement: Enforcement) -> None:
    place = await enforcement.location()
    row = violated(place.number, "CT-2", imposed_on=date(2026, 11, 2), term_days=28)
    assert await imported(enforcement, row) == []
    (case,) = await enforcement.rows(
        select(violation).where(violation.c.location_id == place.location_id)
    )
    clocks = await enforcement.rows(
        select(term.c.kind, term.c.ends_on)
        .where(term.c.violation_id == case["id"])
        .order_by(term.c.ends_on)
    )
    assert [(row["kind"], row["ends_on"]) for row in clocks] == [
        ("begunstigingstermijn", date(2026, 11, 30)),
        ("bezwaar", date(2026, 12, 14)),
    ]
    assert case["due_on"] == date(2026, 11, 30)


async def test_a_second_import_stores_nothing_and_a_wrong_row_says_why(
    enforcement: Enforcement,
) -> None:
    place = await enforcement.location()
    rows = (
        a_row(place.number, "CT-3"),
        a_row("L-ONBEKEND", "CT-4"),
        violated(place.number, "CT-5", amount=None),
        a_row(place.number, "CT-6", completed_on=date(2027, 1, 1)),
        violated(place.number, "CT-7", resolved_on=date(2026, 1, 1)),
    )
    rejected = await imported(enforcement, *rows)
    assert [(each.source_key, each.reason) for each in rejected] == [
        ("CT-4", "location_number: locatie L-ONBEKEND is niet bekend"),
        (
            "CT-5",
            "De last noemt de wijze, het bedrag en het maximum van de dwangsom (Awb 5:32b).",
        ),
        ("CT-6", "completed_on: Vul een datum in die niet in de toekomst ligt."),
        ("CT-7", "resolved_on: De hersteldatum ligt voor de overtreding."),
    ]

    async def counted() -> list[int]:
        tables = (inspection, violation, measure, messaging.outbox)
        found = [
            await enforcement.rows(select(func.count().label("n")).select_from(table))
            for table in tables
        ]
        return [int(rows[0]["n"]) for rows in found]

    stored = await counted()
    await imported(enforcement, *rows)
    assert await counted() == stored
