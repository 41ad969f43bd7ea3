"""The time line of a violation: newest first, and of one day the last step first."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.enforcement.measures.domain.measure import MeasureState
from services.enforcement.measures.queries import MeasureRow
from services.enforcement.violations.queries import PositionRow, ViolationRow
from services.enforcement.violations.screens.timeline import timeline
from shared.contracts.base import Behaviour, Consequence
from tests.unit.enforcement.cases import a_violation, an_order

DAY = date(2026, 11, 24)
POSITION = PositionRow(
    sequence=1,
    consequence=Consequence.SIGNIFICANT,
    behaviour=Behaviour.INDIFFERENT,
    initial_cell="B3",
    cell="B3",
    reason=None,
    consequence_note=None,
    behaviour_note=None,
    aspects=[],
    recidivism=False,
    matrix_version="lhso-voorbeeld-1",
    positioned_at=datetime(2026, 11, 24, 9, tzinfo=UTC),
    positioned_by="Jurist",
)


def values(aggregate: Any) -> dict[str, Any]:
    return {field.name: getattr(aggregate, field.name) for field in fields(aggregate)}


def test_of_one_day_the_last_step_comes_first() -> None:
    found = replace(a_violation(), established_on=DAY, resolved_on=DAY, inspection_id=uuid4())
    violation = ViolationRow(**values(found), inspection_number="C-2026-000001")
    ended = replace(
        an_order(),
        number="HM-2026-000001",
        chosen_on=DAY,
        intended_on=DAY,
        decided_on=DAY,
        ended_on=DAY,
        state=MeasureState.EXECUTED,
    )
    measure = MeasureRow(**values(ended))
    entries = timeline(violation, [POSITION], [measure], [], [])
    assert [entry["what"] for entry in entries] == [
        "Overtreding hersteld",
        "Maatregel uitgevoerd: Last onder dwangsom (HM-2026-000001)",
        "Opgelegd: Last onder dwangsom (HM-2026-000001)",
        "Voornemen verstuurd: Last onder dwangsom (HM-2026-000001)",
        "Maatregel gekozen: Last onder dwangsom (HM-2026-000001)",
        "Vastgesteld bij controle C-2026-000001",
        "Gepositioneerd in cel B3",
    ]
