"""The time line of a violation: newest first, and of one day the last step first."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from services.enforcement.violations.screens.dossier import timeline

DAY = date(2026, 11, 24)
VIOLATION: Any = {
    "established_on": DAY,
    "inspection_number": "C-2026-000001",
    "inspection_id": uuid4(),
    "inspector_name": "Toezichthouder",
    "resolved_on": DAY,
}
POSITION: Any = {
    "positioned_at": datetime(2026, 11, 24, 9, tzinfo=UTC),
    "cell": "B3",
    "positioned_by": "Jurist",
    "reason": None,
}
MEASURE: Any = {
    "instrument": "last onder dwangsom",
    "number": "HM-2026-000001",
    "chosen_on": DAY,
    "chosen_by": "Jurist",
    "deviation_reason": None,
    "intended_on": DAY,
    "decided_on": DAY,
    "decided_by": "Jurist",
    "ended_on": DAY,
    "state": "uitgevoerd",
    "end_reason": None,
}


def test_of_one_day_the_last_step_comes_first() -> None:
    found = timeline(VIOLATION, [POSITION], [MEASURE], [], [])
    assert [entry["what"] for entry in found] == [
        "Overtreding hersteld",
        "Maatregel uitgevoerd: Last onder dwangsom (HM-2026-000001)",
        "Opgelegd: Last onder dwangsom (HM-2026-000001)",
        "Voornemen verstuurd: Last onder dwangsom (HM-2026-000001)",
        "Maatregel gekozen: Last onder dwangsom (HM-2026-000001)",
        "Vastgesteld bij controle C-2026-000001",
        "Gepositioneerd in cel B3",
    ]
