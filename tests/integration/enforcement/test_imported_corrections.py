"""A row that its source changed adds what happened since, and says what is final."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from services.enforcement.imports import correct, store
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.tables import inspection, measure, position, violation
from shared.auth.sight import Sight
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind, Instrument
from shared.ids import new_id
from tests.integration.enforcement.conftest import TODAY, Enforcement

FOUND: dict[str, Any] = {
    "nature": "Geurvoorschrift niet nageleefd",
    "consequence": Consequence.SIGNIFICANT,
    "behaviour": Behaviour.INDIFFERENT,
}
IMPOSED: dict[str, Any] = {
    "instrument": Instrument.PENALTY_ORDER,
    "imposed_on": date(2026, 3, 20),
    "amount": Decimal("2500.00"),
    "term_days": 28,
}


class Imported:
    """One row, as its source changes it."""

    def __init__(self, enforcement: Enforcement, number: str) -> None:
        self.enforcement = enforcement
        self.values: dict[str, Any] = {
            "source_key": f"proef/{new_id()}",
            "location_number": number,
            "completed_on": date(2026, 3, 2),
        }

    async def store(self, **changes: Any) -> str | None:
        """Take it over for the first time."""
        return await self._give(store, changes)

    async def change(self, **changes: Any) -> str | None:
        """Correct what was taken over; the reason when that is refused."""
        return await self._give(correct, changes)

    async def _give(self, act: Any, changes: dict[str, Any]) -> str | None:
        self.enforcement.at(TODAY)
        row = InspectionRow(**{**self.values, **changes})
        async with self.enforcement.db.work(actor="import", sight=Sight.ALL) as work:
            refused = await act([row], work)
        if refused:
            return str(refused[0].reason)
        self.values.update(changes)
        return None

    async def read(self) -> dict[str, Any]:
        """What stands there, of the inspection, the violation and the measure."""
        (found,) = await self.enforcement.rows(
            select(
                inspection.c.state,
                inspection.c.completed_on,
                violation.c.id,
                violation.c.cell,
                violation.c.resolved_on,
                measure.c.state.label("measure"),
            )
            .select_from(
                inspection.outerjoin(
                    violation, violation.c.inspection_id == inspection.c.id
                ).outerjoin(measure, measure.c.violation_id == violation.c.id)
            )
            .where(inspection.c.source_key == self.values["source_key"])
        )
        return dict(found)


@pytest.fixture
async def imported(enforcement: Enforcement) -> Imported:
    return Imported(enforcement, (await enforcement.location()).number)


async def test_a_planned_inspection_is_completed_placed_enforced_and_resolved(
    imported: Imported,
) -> None:
    assert await imported.store(completed_on=None, planned_on=date(2026, 3, 1)) is None
    assert (await imported.read())["state"] == "gepland"
    assert await imported.change(completed_on=date(2026, 3, 2), **FOUND) is None
    assert (await imported.read())["cell"] == "B3"
    assert await imported.change(**IMPOSED) is None
    assert (await imported.read())["measure"] == "opgelegd"
    assert await imported.change(resolved_on=date(2026, 5, 4)) is None
    found = await imported.read()
    assert (found["measure"], found["resolved_on"]) == ("uitgevoerd", date(2026, 5, 4))
    assert await imported.enforcement.published(found["id"]) == [
        "overtreding-geconstateerd",
        "overtreding-gepositioneerd",
        "overtreding-hersteld",
    ]


async def test_another_cell_of_an_open_violation_is_a_positioning_that_names_the_old_one(
    imported: Imported,
) -> None:
    assert await imported.store(**FOUND) is None
    assert await imported.change(consequence=Consequence.LIMITED) is None
    found = await imported.read()
    assert found["cell"] == "B2"
    kept = await imported.enforcement.rows(
        select(position.c.cell, position.c.reason)
        .where(position.c.violation_id == found["id"])
        .order_by(position.c.sequence)
    )
    assert [(row["cell"], row["reason"]) for row in kept] == [
        ("B3", None),
        ("B2", "Gecorrigeerd in proef; was B3"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"completed_on": date(2026, 3, 3)}, "completed_on: was '2026-03-02', en ligt vast"),
        ({"nature": "Geluid"}, "nature: was 'Geurvoorschrift niet nageleefd', en ligt vast"),
        ({"amount": Decimal(9)}, "amount: was '2500.00', en ligt vast"),
        ({"instrument": Instrument.WARNING}, "instrument: was 'last onder dwangsom'"),
        ({"imposed_on": date(2026, 3, 21)}, "imposed_on: was '2026-03-20', en ligt vast"),
        ({"kind": InspectionKind.THEMATIC}, "kind: was 'periodieke controle', en ligt vast"),
        ({"inspector": "Iemand"}, "inspector: was leeg, en ligt vast"),
    ],
)
async def test_what_is_final_is_refused_with_its_old_value(
    imported: Imported, changes: dict[str, Any], said: str
) -> None:
    assert await imported.store(**FOUND, **IMPOSED) is None
    before = await imported.read()
    refused = await imported.change(**changes)
    assert refused is not None
    assert said in refused
    assert await imported.read() == before


async def test_findings_of_a_completed_inspection_are_final(imported: Imported) -> None:
    assert await imported.store() is None
    refused = await imported.change(**FOUND)
    assert refused is not None
    assert "de bevindingen liggen vast" in refused


async def test_another_location_is_refused(imported: Imported) -> None:
    assert await imported.store() is None
    other = await imported.enforcement.location()
    refused = await imported.change(location_number=other.number)
    assert refused is not None
    assert "location_number" in refused


@pytest.mark.parametrize(
    ("changes", "needed"),
    [
        ({"rule": "Bal 3.5"}, "nature"),
        ({"resolved_on": date(2026, 5, 4)}, "nature"),
        ({"amount": Decimal(5)}, "instrument"),
        ({"nature": "Geur", "behaviour": Behaviour.INDIFFERENT}, "consequence"),
        ({**FOUND, **IMPOSED, "amount": None, "maximum": Decimal(5)}, "amount"),
        ({"completed_on": None, "nature": "Geur"}, "completed_on"),
    ],
)
async def test_no_cell_is_lost_because_another_one_is_empty(
    imported: Imported, changes: dict[str, Any], needed: str
) -> None:
    refused = await imported.store(**changes)
    assert refused is not None
    assert refused.startswith(f"{needed}: ")


async def test_a_reinspection_names_the_inspection_that_found_the_violation(
    imported: Imported, enforcement: Enforcement
) -> None:
    assert await imported.store(**FOUND) is None
    first = await imported.read()
    number = imported.values["location_number"]
    assert await Imported(enforcement, number).store(**FOUND) is None
    again = Imported(enforcement, number)
    key = imported.values["source_key"].removeprefix("proef/")
    look: dict[str, Any] = {"kind": InspectionKind.REINSPECTION, "completed_on": date(2026, 4, 1)}
    assert await again.store(**look, violation_key=key) is None
    (row,) = await enforcement.rows(
        select(inspection.c.violation_id).where(
            inspection.c.source_key == again.values["source_key"]
        )
    )
    assert row["violation_id"] == first["id"]
    refused = await Imported(enforcement, number).store(**look, violation_key="weg")
    assert refused is not None
    assert refused.startswith("violation_key: ")


async def test_a_refused_row_leaves_nothing_and_the_others_are_stored(
    enforcement: Enforcement,
) -> None:
    place = await enforcement.location()
    number = place.number
    good = InspectionRow(source_key=f"proef/{new_id()}", **_only(number))
    wrong = InspectionRow(
        source_key=f"proef/{new_id()}", **_only(number), **FOUND, **{**IMPOSED, "amount": None}
    )
    async with enforcement.db.work(actor="import", sight=Sight.ALL) as work:
        refused = await store([good, wrong], work)
    assert [each.source_key for each in refused] == [wrong.source_key]
    stored = await enforcement.rows(
        select(inspection.c.source_key).where(inspection.c.location_id == place.location_id)
    )
    assert [row["source_key"] for row in stored] == [good.source_key]


def _only(number: str) -> dict[str, Any]:
    return {"location_number": number, "completed_on": date(2026, 3, 2)}
