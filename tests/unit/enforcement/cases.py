"""Cases to try the rules on: a violation with a place, a measure in each state, a mandate."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from services.enforcement.inspections.domain import (
    Finding,
    FindingResult,
    Inspection,
    InspectionState,
    Trigger,
)
from services.enforcement.measures.domain.forfeiture import Evidence
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import (
    Choice,
    Measure,
    MeasureState,
    Mode,
    Order,
    choose,
)
from services.enforcement.policy.domain.mandate import Check, Mandate
from services.enforcement.policy.domain.matrix import Matrix, MatrixState
from services.enforcement.policy.queries import MatrixRow
from services.enforcement.violations.domain import Signature, Violation, ViolationState
from shared.contracts.enforcement import InspectionKind, Instrument
from shared.errors import Conflict, NotAllowed
from shared.ids import new_id
from tests.support.seeds import rows_of

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 11, tzinfo=UTC)
ALLOWED = Check(allowed=True, reason="Namens het college")
ONCE = Order(Mode.ONCE, Decimal("5000.00"), Decimal("5000.00"))

_WAYS = {
    MeasureState.CHOSEN: {MeasureState.INTENDED, MeasureState.IMPOSED, MeasureState.WITHDRAWN},
    MeasureState.INTENDED: {MeasureState.IMPOSED, MeasureState.WITHDRAWN},
    MeasureState.IMPOSED: {
        MeasureState.FORFEITED,
        MeasureState.WITHDRAWN,
        MeasureState.EXECUTED,
    },
    MeasureState.FORFEITED: {
        MeasureState.FORFEITED,
        MeasureState.WITHDRAWN,
        MeasureState.EXECUTED,
        MeasureState.EXHAUSTED,
    },
}
# Written out once more: a test that asked the table itself would agree with any table.
MEASURE_EDGES = {(at, to) for at, ways in _WAYS.items() for to in ways}


@contextmanager
def refused(article: str) -> Iterator[None]:
    """A refusal by this article."""
    with pytest.raises(NotAllowed) as caught:
        yield
    assert article in caught.value.article


@contextmanager
def wrong(field: str) -> Iterator[None]:
    """A refusal of this field."""
    with pytest.raises(Conflict) as caught:
        yield
    assert [param.name for param in caught.value.params] == [field]


def the_matrix() -> Matrix:
    """The example matrix."""
    stored = {"activated_by": None, "activated_at": None, **rows_of("enforcement", "matrix")[0]}
    values = {name: stored[name] for name in MatrixRow.__dataclass_fields__}
    return MatrixRow(**{**values, "state": MatrixState(values["state"])}).matrix


def an_inspection(**changes: Any) -> Inspection:
    values: dict[str, Any] = {
        "id": new_id(),
        "number": "C-2026-000001",
        "version": 1,
        "state": InspectionState.PLANNED,
        "kind": InspectionKind.PERIODIC,
        "trigger": Trigger.PLAN,
        "location_id": new_id(),
        "participant": "gm0153",
        "planned_on": TODAY,
    }
    return Inspection(**{**values, **changes})


def a_finding(
    result: FindingResult = FindingResult.VIOLATED, violation_id: UUID | None = None
) -> Finding:
    return Finding(1, "geur", result, rule="Bal 4.1", violation_id=violation_id)


def a_violation(cell: str | None = "B3", **changes: Any) -> Violation:
    values: dict[str, Any] = {
        "id": new_id(),
        "number": "OV-2026-000001",
        "version": 2,
        "state": ViolationState.POSITIONED if cell else ViolationState.ESTABLISHED,
        "location_id": new_id(),
        "participant": "gm0153",
        "inspection_id": new_id(),
        "finding": 1,
        "nature": "geur",
        "established_on": TODAY,
        "cell": cell,
        "initial_cell": cell,
        "matrix_version": "lhso-voorbeeld-1" if cell else None,
    }
    return Violation(**{**values, **changes})


def signed(sequence: int = 1) -> Signature:
    return Signature(sequence, NOW, "Jurist (voorbeeld)")


def a_choice(instrument: Instrument = Instrument.PENALTY_ORDER, **changes: Any) -> Choice:
    values: dict[str, Any] = {
        "instrument": instrument,
        "deviation_reason": None,
        "by": "Jurist (voorbeeld)",
        "on": TODAY,
        "order": ONCE if instrument is Instrument.PENALTY_ORDER else None,
        "term_days": 14,
    }
    return Choice(**{**values, **changes})


def chosen(
    instrument: Instrument = Instrument.PENALTY_ORDER,
    *,
    cell: str = "B3",
    others: tuple[Measure, ...] = (),
    violation: Violation | None = None,
    **changes: Any,
) -> Measure:
    return choose(
        violation or a_violation(cell),
        the_matrix(),
        a_choice(instrument, **changes),
        others,
        measure_id=new_id(),
        number="HM-2026-000001",
    )


def an_order(**changes: Any) -> Measure:
    """A penalty order in force since 3 March 2025, to be complied with by 30 April 2025."""
    values: dict[str, Any] = {
        "state": MeasureState.IMPOSED,
        "decided_on": date(2025, 3, 3),
        "published_on": date(2025, 3, 3),
        "compliance_until": date(2025, 4, 30),
    }
    return replace(chosen(), **{**values, **changes})


def imposing(on: date = TODAY, **changes: Any) -> Imposition:
    values: dict[str, Any] = {"decided_on": on, "published_on": on, "by": "Jurist (voorbeeld)"}
    return Imposition(**{**values, **changes})


def found_again(measure: Measure, on: date = date(2025, 5, 1)) -> Evidence:
    return Evidence(new_id(), measure.violation_id, on, (FindingResult.VIOLATED,))


def a_mandate(**changes: Any) -> Mandate:
    values: dict[str, Any] = {
        "id": new_id(),
        "version": 1,
        "participant": "gm0153",
        "organ": "college van burgemeester en wethouders van Enschede",
        "function": "jurist",
        "power": Instrument.PENALTY_ORDER,
        "article": "Awb 5:32",
        "valid_from": date(2024, 1, 1),
    }
    return Mandate(**{**values, **changes})
