"""Forfeited penalties (verbeurde dwangsommen): by law, up to the maximum, collected in time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.enforcement.inspections.domain import FindingResult, past
from services.enforcement.measures.domain import terms
from services.enforcement.measures.domain.measure import STATES, Measure, MeasureState, Mode, Unit
from services.enforcement.measures.domain.terms import Term
from shared.contracts.enforcement import Instrument, PenaltyForfeited
from shared.errors import NotAllowed

UNIT_DAYS: Final = {Unit.DAY: 1, Unit.WEEK: 7}


class CollectionAct(StrEnum):
    """What is done to get the money."""

    DECISION = "invorderingsbeschikking"
    PAYMENT = "betaling"


@dataclass(frozen=True, slots=True)
class Forfeiture:
    """One forfeited penalty, with its own clocks."""

    id: UUID
    measure_id: UUID
    sequence: int
    inspection_id: UUID
    forfeited_on: date
    amount: Decimal
    pay_until: date
    prescribes_on: date
    collected_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a re-inspection established about the violation."""

    inspection_id: UUID
    violation_id: UUID | None
    completed_on: date | None
    results: tuple[FindingResult, ...]


def forfeit(
    measure: Measure, evidence: Evidence, earlier: Sequence[Forfeiture], forfeiture_id: UUID
) -> tuple[Measure, Forfeiture, tuple[Term, ...], PenaltyForfeited]:
    """Note that a penalty was forfeited by law: the violation went on after the term.

    Raises NotAllowed when there is no order, no proof, no term that passed, or nothing left.
    """
    if measure.instrument is not Instrument.PENALTY_ORDER:
        raise NotAllowed("Alleen een last onder dwangsom kan verbeuren", article="Awb 5:32")
    STATES.require(measure.state, MeasureState.FORFEITED)
    on = _proven(measure, evidence)
    _require_unused(measure, evidence, earlier, on)
    amount = _amount(measure)
    payment = terms.payment(on, forfeiture_id)
    prescription = terms.prescription(on, forfeiture_id)
    lost = Forfeiture(
        id=forfeiture_id,
        measure_id=measure.id,
        sequence=len(earlier) + 1,
        inspection_id=evidence.inspection_id,
        forfeited_on=on,
        amount=amount,
        pay_until=payment.ends_on,
        prescribes_on=prescription.ends_on,
    )
    changed = replace(
        measure,
        version=measure.version + 1,
        state=MeasureState.FORFEITED,
        forfeited=measure.forfeited + amount,
    )
    return changed, lost, (payment, prescription), _event(changed, lost)


def _proven(measure: Measure, evidence: Evidence) -> date:
    if evidence.violation_id != measure.violation_id or evidence.completed_on is None:
        raise NotAllowed(
            "Verbeurte volgt uit een afgeronde hercontrole van deze overtreding", article="Awb 5:33"
        )
    if FindingResult.VIOLATED not in evidence.results:
        raise NotAllowed(
            "De hercontrole stelt niet vast dat de overtreding voortduurt", article="Awb 5:33"
        )
    runs_until = measure.compliance_until or measure.published_on
    assert runs_until is not None
    if evidence.completed_on <= runs_until:
        raise NotAllowed(
            f"De begunstigingstermijn liep tot en met {runs_until:%d-%m-%Y}",
            article="Awb 5:32a lid 2",
        )
    return evidence.completed_on


def _require_unused(
    measure: Measure, evidence: Evidence, earlier: Sequence[Forfeiture], on: date
) -> None:
    if any(each.inspection_id == evidence.inspection_id for each in earlier):
        raise NotAllowed("Deze hercontrole heeft al tot verbeurte geleid", article="Awb 5:33")
    if measure.mode is Mode.ONCE and earlier:
        raise NotAllowed("Een bedrag ineens verbeurt eenmaal", article="Awb 5:32b lid 1")
    if measure.mode is Mode.PER_UNIT:
        period = _period(measure, on)
        if any(_period(measure, each.forfeited_on) == period for each in earlier):
            raise NotAllowed(
                f"Over deze {measure.unit} is al een dwangsom verbeurd", article="Awb 5:32b lid 1"
            )


def _period(measure: Measure, on: date) -> int:
    """Which unit of time since the term a day falls in."""
    start = (measure.compliance_until or measure.published_on or on) + timedelta(days=1)
    if measure.unit is Unit.MONTH:
        months = (on.year - start.year) * 12 + on.month - start.month
        return months - (on.day < start.day)
    return (on - start).days // UNIT_DAYS[measure.unit or Unit.DAY]


def _amount(measure: Measure) -> Decimal:
    assert measure.amount is not None
    assert measure.maximum is not None
    left = measure.maximum - measure.forfeited
    if left <= 0:
        raise NotAllowed("Het maximum is al verbeurd", article="Awb 5:32b lid 2")
    return min(measure.amount, left)


def _event(measure: Measure, lost: Forfeiture) -> PenaltyForfeited:
    return PenaltyForfeited(
        version=measure.version,
        participant=measure.participant,
        measure_id=measure.id,
        number=measure.number,
        location_id=measure.location_id,
        violation_id=measure.violation_id,
        instrument=measure.instrument,
        cell=measure.cell,
        forfeited_on=lost.forfeited_on,
        amount=lost.amount,
        pay_until=lost.pay_until,
        prescribes_on=lost.prescribes_on,
    )


def collect(
    lost: Forfeiture, act: CollectionAct, on: date, today: date
) -> tuple[Forfeiture, Term | None]:
    """Payment ends the clocks; a collection decision starts the prescription anew (Awb 5:37a).

    Raises NotAllowed when it was paid, has prescribed, or was decided before.
    """
    past(on, today, "date")
    if lost.paid_on is not None:
        raise NotAllowed("Deze dwangsom is al betaald", article="Awb 5:33")
    if on < lost.forfeited_on:
        raise NotAllowed("De dwangsom was toen nog niet verbeurd", article="Awb 5:33")
    if act is CollectionAct.PAYMENT:
        return replace(lost, paid_on=on), None
    if on > lost.prescribes_on:
        raise NotAllowed(
            f"De vordering is verjaard op {lost.prescribes_on:%d-%m-%Y}", article="Awb 5:35 lid 1"
        )
    if lost.collected_on is not None:
        raise NotAllowed("Er is al een invorderingsbeschikking", article="Awb 5:37 lid 1")
    term = terms.prescription(on, lost.id)
    return replace(lost, collected_on=on, prescribes_on=term.ends_on), term
