"""Announcing, imposing and ending a measure: each step under its article."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from services.enforcement.inspections.domain import past, within
from services.enforcement.measures.domain import terms
from services.enforcement.measures.domain.measure import (
    RECOVERY,
    STATES,
    Measure,
    MeasureState,
    Order,
    require_no_cumulation,
    with_order,
)
from services.enforcement.measures.domain.terms import Term
from services.enforcement.policy.domain import mandate as mandates
from services.enforcement.violations.domain import Violation
from shared.contracts.enforcement import (
    Instrument,
    MeasureEnded,
    MeasureImposed,
    MeasureIntended,
    MeasureResult,
)
from shared.errors import NotAllowed, conflict


@dataclass(frozen=True, slots=True)
class Imposition:
    """How the decision is taken."""

    decided_on: date
    published_on: date
    by: str
    order: Order | None = None
    term_days: int | None = None
    remedy: str | None = None
    urgency_reason: str | None = None
    view_received_on: date | None = None
    consulted: str | None = None


def require_since(violation: Violation, day: date) -> None:
    """Raises Conflict for a step that comes before what it is taken against."""
    if day < violation.established_on:
        raise conflict(
            "decided_on",
            "voor-overtreding",
            f"De overtreding is vastgesteld op {violation.established_on:%d-%m-%Y}; vul een datum "
            "in die niet daarvoor ligt.",
        )


def intend(
    measure: Measure, on: date, today: date, hearing_days: int
) -> tuple[Measure, Term, MeasureIntended]:
    """Tell the offender what is coming, so that a view can be given first (Awb 4:8)."""
    STATES.require(measure.state, MeasureState.INTENDED)
    if not measure.is_decision:
        raise NotAllowed(
            f"Voor {measure.instrument} is geen voornemen nodig: het is geen besluit",
            article="Awb 1:3 en 4:8",
        )
    past(on, today, "decided_on")
    term = terms.hearing(on, hearing_days)
    intended = replace(
        measure,
        version=measure.version + 1,
        state=MeasureState.INTENDED,
        intended_on=on,
        hearing_until=term.ends_on,
    )
    event = MeasureIntended(
        version=intended.version,
        participant=intended.participant,
        measure_id=intended.id,
        number=intended.number,
        location_id=intended.location_id,
        violation_id=intended.violation_id,
        instrument=intended.instrument,
        cell=intended.cell,
        decided_on=on,
        deviates=intended.deviates,
    )
    return intended, term, event


def impose(
    measure: Measure,
    imposition: Imposition,
    check: mandates.Check,
    others: Sequence[Measure],
    today: date,
) -> tuple[Measure, tuple[Term, ...], MeasureImposed]:
    """Impose the measure: its terms start the day after publication (Awb 3:41, 5:32a, 6:8).

    Raises NotAllowed with the article when a state, another sanction, the hearing or the mandate
    forbids it.
    """
    STATES.require(measure.state, MeasureState.IMPOSED)
    past(imposition.decided_on, today, "decided_on")
    _require_order_of_days(measure, imposition)
    _require_view_in_time(measure, imposition)
    require_no_cumulation(measure.instrument, others)
    ordered = _as_decided(measure, imposition)
    _require_order(ordered)
    _require_heard(ordered, imposition)
    if ordered.is_decision:
        mandates.require(check, imposition.consulted)
    imposed, running = _imposed(ordered, imposition, check)
    return imposed, running, _imposed_event(imposed)


def _as_decided(measure: Measure, imposition: Imposition) -> Measure:
    """What was chosen, unless the decision says otherwise."""
    days = measure.term_days if imposition.term_days is None else imposition.term_days
    changed = replace(measure, term_days=days, remedy=imposition.remedy or measure.remedy)
    return with_order(changed, imposition.order)


def _require_order_of_days(measure: Measure, imposition: Imposition) -> None:
    if measure.intended_on is not None and imposition.decided_on < measure.intended_on:
        raise conflict("decided_on", "voor-voornemen", "Het besluit ligt niet voor het voornemen.")
    within(imposition.published_on, "published_on")
    if imposition.published_on < imposition.decided_on:
        raise conflict(
            "published_on", "voor-besluit", "De bekendmaking ligt niet voor het besluit."
        )


def _require_view_in_time(measure: Measure, imposition: Imposition) -> None:
    """A view is an answer to the intention, and weighed in the decision (Awb 4:8)."""
    view = imposition.view_received_on
    if view is None:
        return
    if measure.intended_on is not None and view < measure.intended_on:
        raise conflict(
            "view_received_on", "voor-voornemen", "De zienswijze ligt niet voor het voornemen."
        )
    if view > imposition.decided_on:
        raise conflict("view_received_on", "na-besluit", "De zienswijze ligt niet na het besluit.")


def _require_order(measure: Measure) -> None:
    if measure.instrument is Instrument.PENALTY_ORDER and measure.amount is None:
        raise NotAllowed(
            "De last noemt de wijze, het bedrag en het maximum van de dwangsom",
            article="Awb 5:32b",
        )


def _require_heard(measure: Measure, imposition: Imposition) -> None:
    if not measure.is_decision or imposition.urgency_reason:
        return
    if measure.hearing_until is None:
        raise NotAllowed(
            "Stuur eerst een voornemen, of motiveer waarom spoed dat verhindert",
            article="Awb 4:8 en 4:11",
        )
    if imposition.view_received_on is None and measure.hearing_until >= imposition.decided_on:
        raise NotAllowed(
            f"De termijn voor een zienswijze loopt tot en met {measure.hearing_until:%d-%m-%Y}",
            article="Awb 4:8",
        )


def _imposed(
    measure: Measure, imposition: Imposition, check: mandates.Check
) -> tuple[Measure, tuple[Term, ...]]:
    published = imposition.published_on
    objection = terms.objection(published) if measure.is_decision else None
    days = measure.term_days
    order = measure.instrument in RECOVERY
    compliance = None if days is None else terms.compliance(published, days, order=order)
    imposed = replace(
        measure,
        version=measure.version + 1,
        state=MeasureState.IMPOSED,
        decided_on=imposition.decided_on,
        decided_by=imposition.by,
        published_on=published,
        objection_until=objection.ends_on if objection else None,
        compliance_until=compliance.ends_on if compliance else None,
        urgency_reason=imposition.urgency_reason,
        view_received_on=imposition.view_received_on,
        consulted=imposition.consulted,
        mandate=check.record(imposition.decided_on),
    )
    return imposed, tuple(term for term in (objection, compliance) if term is not None)


def _imposed_event(imposed: Measure) -> MeasureImposed:
    assert imposed.decided_on is not None
    return MeasureImposed(
        version=imposed.version,
        participant=imposed.participant,
        measure_id=imposed.id,
        number=imposed.number,
        location_id=imposed.location_id,
        violation_id=imposed.violation_id,
        instrument=imposed.instrument,
        cell=imposed.cell,
        decided_on=imposed.decided_on,
        deviates=imposed.deviates,
        compliance_until=imposed.compliance_until,
        amount=imposed.amount,
        maximum=imposed.maximum,
    )


def end(
    measure: Measure, result: MeasureResult, on: date, reason: str | None, today: date
) -> tuple[Measure, MeasureEnded]:
    """The measure is done with. Raises NotAllowed where it cannot end like that."""
    state = MeasureState(result)
    STATES.require(measure.state, state)
    past(on, today, "ended_on")
    if state is MeasureState.EXHAUSTED and measure.forfeited < (measure.maximum or Decimal(0)):
        raise NotAllowed("Het maximum is nog niet verbeurd", article="Awb 5:32b lid 2")
    if state is MeasureState.WITHDRAWN and not reason:
        raise conflict("reason", "verplicht", "Motiveer de intrekking (Awb 3:46).")
    ended = replace(
        measure, version=measure.version + 1, state=state, ended_on=on, end_reason=reason
    )
    event = MeasureEnded(
        version=ended.version,
        participant=ended.participant,
        measure_id=ended.id,
        number=ended.number,
        location_id=ended.location_id,
        violation_id=ended.violation_id,
        instrument=ended.instrument,
        cell=ended.cell,
        ended_on=on,
        result=result,
    )
    return ended, event
