"""Measures (handhavingsmaatregelen): what they are, and the choice of one for a violation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.enforcement.policy.domain.matrix import Cell, Direction, Matrix, direction_of
from services.enforcement.violations.domain import Violation
from shared.contracts.enforcement import Instrument
from shared.errors import NotAllowed, conflict
from shared.state_machine import StateMachine


class MeasureState(StrEnum):
    """Status Hh-maatregel of the CIm, with the steps before the decision."""

    CHOSEN = "gekozen"
    INTENDED = "voorgenomen"
    IMPOSED = "opgelegd"
    FORFEITED = "verbeurd"
    EXECUTED = "uitgevoerd"
    WITHDRAWN = "ingetrokken"
    EXHAUSTED = "uitgewerkt"


class Mode(StrEnum):
    """How a penalty is set (Awb 5:32b lid 1)."""

    ONCE = "bedrag ineens"
    PER_UNIT = "per tijdseenheid"
    PER_VIOLATION = "per overtreding"


class Unit(StrEnum):
    """The unit of time of a penalty."""

    DAY = "dag"
    WEEK = "week"
    MONTH = "maand"


RECOVERY: Final = frozenset(
    {Instrument.PENALTY_ORDER, Instrument.ADMINISTRATIVE_COERCION, Instrument.STANDSTILL}
)
DECISIONS: Final = RECOVERY | {
    Instrument.FINE,
    Instrument.SUSPENSION,
    Instrument.CLOSURE,
    Instrument.WITHDRAWAL,
}
ARTICLES: Final = {
    Instrument.PENALTY_ORDER: "Awb 5:32 lid 1",
    Instrument.ADMINISTRATIVE_COERCION: "Awb 5:21",
    Instrument.STANDSTILL: "Awb 5:21",
    Instrument.FINE: "Awb 5:41",
    Instrument.SUSPENSION: "Ow 18.10",
    Instrument.WITHDRAWAL: "Ow 18.10",
    Instrument.CLOSURE: "bijzondere wet",
    Instrument.PENAL_ORDER: "Sv 257ba",
    Instrument.OFFICIAL_REPORT: "Sv 152",
}
IN_FORCE: Final = frozenset({MeasureState.IMPOSED, MeasureState.FORFEITED})
PREPARED: Final = frozenset({MeasureState.CHOSEN, MeasureState.INTENDED})

STATES: Final = StateMachine(
    "De maatregel",
    {
        (MeasureState.CHOSEN, MeasureState.INTENDED): "Awb 4:8",
        (MeasureState.CHOSEN, MeasureState.IMPOSED): "Awb 4:11, of geen besluit (Awb 1:3)",
        (MeasureState.INTENDED, MeasureState.IMPOSED): "Awb 5:9, 5:21, 5:32 en 3:41",
        (MeasureState.IMPOSED, MeasureState.FORFEITED): "Awb 5:33",
        (MeasureState.FORFEITED, MeasureState.FORFEITED): "Awb 5:33, tot het maximum (5:32b)",
        (MeasureState.CHOSEN, MeasureState.WITHDRAWN): "geen besluit genomen",
        (MeasureState.INTENDED, MeasureState.WITHDRAWN): "Awb 4:84: afgezien na zienswijze",
        (MeasureState.IMPOSED, MeasureState.WITHDRAWN): "Awb 5:34 en 5:38",
        (MeasureState.FORFEITED, MeasureState.WITHDRAWN): "Awb 5:34 en 5:38",
        (MeasureState.IMPOSED, MeasureState.EXECUTED): "CIm VTH FLo: uitgevoerd",
        (MeasureState.FORFEITED, MeasureState.EXECUTED): "CIm VTH FLo: uitgevoerd",
        (MeasureState.FORFEITED, MeasureState.EXHAUSTED): "CIm VTH FLo: uitgewerkt, het maximum "
        "is bereikt",
    },
)


@dataclass(frozen=True, slots=True)
class Order:
    """What it costs not to comply with an order (Awb 5:32b)."""

    mode: Mode
    amount: Decimal
    maximum: Decimal
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure against one violation."""

    id: UUID
    number: str
    version: int
    state: MeasureState
    violation_id: UUID
    location_id: UUID
    participant: str | None
    instrument: Instrument
    cell: str
    matrix_version: str
    advice: tuple[str, ...]
    direction: Direction | None
    deviation_reason: str | None
    chosen_on: date
    chosen_by: str
    explanation: str | None = None
    mode: Mode | None = None
    unit: Unit | None = None
    amount: Decimal | None = None
    maximum: Decimal | None = None
    term_days: int | None = None
    remedy: str | None = None
    intended_on: date | None = None
    hearing_until: date | None = None
    view_received_on: date | None = None
    urgency_reason: str | None = None
    consulted: str | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    published_on: date | None = None
    objection_until: date | None = None
    compliance_until: date | None = None
    forfeited: Decimal = Decimal(0)
    ended_on: date | None = None
    end_reason: str | None = None
    mandate: dict[str, Any] | None = None

    @property
    def deviates(self) -> bool:
        """Not one of the interventions of the cell."""
        return self.direction is not None

    @property
    def is_decision(self) -> bool:
        """A besluit: announced first, mandated, open to objection."""
        return self.instrument in DECISIONS


@dataclass(frozen=True, slots=True)
class Choice:
    """What a lawyer chooses for a violation."""

    instrument: Instrument
    deviation_reason: str | None
    by: str
    on: date
    order: Order | None = None
    term_days: int | None = None
    remedy: str | None = None
    explanation: str | None = None


def choose(
    violation: Violation,
    matrix: Matrix,
    choice: Choice,
    others: Sequence[Measure],
    *,
    measure_id: UUID,
    number: str,
) -> Measure:
    """Choose a measure. Raises NotAllowed without a place, Conflict without a motive."""
    if violation.cell is None or not violation.open:
        raise NotAllowed(
            "Kies een maatregel voor een gepositioneerde overtreding die nog niet is hersteld",
            article="LHSO stap 5",
        )
    require_no_cumulation(choice.instrument, others)
    cell = matrix.cells[violation.cell]
    direction = _direction(cell, choice)
    measure = Measure(
        id=measure_id,
        number=number,
        version=1,
        state=MeasureState.CHOSEN,
        violation_id=violation.id,
        location_id=violation.location_id,
        participant=violation.participant,
        instrument=choice.instrument,
        cell=violation.cell,
        matrix_version=matrix.matrix_version,
        advice=tuple(str(each) for each in cell.advice),
        direction=direction,
        deviation_reason=choice.deviation_reason if direction else None,
        chosen_on=choice.on,
        chosen_by=choice.by,
        explanation=choice.explanation,
        term_days=choice.term_days,
        remedy=choice.remedy,
    )
    return with_order(measure, choice.order)


def _direction(cell: Cell, choice: Choice) -> Direction | None:
    direction = direction_of(cell, choice.instrument)
    if direction is not None and not choice.deviation_reason:
        raise conflict(
            "deviation_reason",
            "verplicht",
            f"Motiveer waarom u {direction} ingrijpt dan cel {cell.cell} aangeeft (Awb 4:84).",
        )
    return direction


def require_no_cumulation(instrument: Instrument, others: Sequence[Measure]) -> None:
    """Raises NotAllowed, with the article, when a measure in force forbids another one."""
    imposed = [other for other in others if other.decided_on is not None]
    in_force = {other.instrument for other in imposed if other.state in IN_FORCE}
    if instrument in RECOVERY and in_force & RECOVERY:
        raise NotAllowed(
            "Er is al een herstelsanctie voor deze overtreding van kracht", article="Awb 5:6"
        )
    done = {other.instrument for other in imposed if other.state is not MeasureState.WITHDRAWN}
    if instrument is Instrument.FINE and Instrument.FINE in done:
        raise NotAllowed("Voor deze overtreding is al een boete opgelegd", article="Awb 5:43")
    if instrument is Instrument.FINE and Instrument.PENAL_ORDER in done:
        raise NotAllowed(
            "Voor deze gedraging is al een strafbeschikking uitgevaardigd", article="Awb 5:44 lid 1"
        )


def with_order(measure: Measure, order: Order | None) -> Measure:
    """With the terms of the order. Raises Conflict when they do not hold together."""
    if order is None:
        return measure
    if measure.instrument is not Instrument.PENALTY_ORDER:
        raise conflict("order", "onverwacht", "Alleen een last onder dwangsom heeft een dwangsom.")
    if order.amount <= 0:
        raise conflict("order.amount", "te-klein", "Vul een bedrag in dat hoger is dan nul.")
    if order.maximum < order.amount:
        raise conflict(
            "order.maximum", "te-klein", "Het maximum is ten minste het bedrag (Awb 5:32b lid 2)."
        )
    if (order.mode is Mode.PER_UNIT) != (order.unit is not None):
        raise conflict(
            "order.time_unit", "wijze", "Kies een tijdseenheid bij een dwangsom per tijdseenheid."
        )
    return replace(
        measure,
        mode=order.mode,
        unit=order.unit,
        amount=order.amount,
        maximum=order.maximum,
    )
