"""Measures: chosen, announced, imposed under a mandate, forfeited, collected, ended."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.enforcement import numbers
from services.enforcement.changes import Change, require_version, require_visible
from services.enforcement.inspections import store as inspections
from services.enforcement.inspections.domain import about
from services.enforcement.measures import store
from services.enforcement.measures.domain import forfeiture as forfeiting
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain import measure as rules
from services.enforcement.measures.domain.forfeiture import CollectionAct, Evidence, Forfeiture
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import Choice, Measure
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.policy import store as policy
from services.enforcement.policy.domain import mandate as mandates
from services.enforcement.policy.domain.mandate import Check, Decision
from services.enforcement.violations import domain as violation_rules
from services.enforcement.violations import store as violations
from services.enforcement.violations.domain import Violation
from shared.auth.caller import Caller
from shared.contracts.enforcement import MeasureResult
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound, conflict
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Case:
    """A measure that is to change, with the violation and the other measures against it."""

    violation: Violation
    measure: Measure
    others: tuple[Measure, ...]


async def choose(change: Change, choice: Choice, work: UnitOfWork) -> Measure:
    """Choose a measure for the violation that the change names. Raises Refused."""
    violation = await violations.lock(work, change.id)
    require_visible(change.caller, violation.participant, "Deze overtreding")
    require_version(violation.version, change, "De overtreding")
    others = await store.lock_all(work, violation.id)
    matrix = await policy.matrix_for(work, violation.matrix_version)
    number = await numbers.MEASURES.next(work, work.today.year)
    chosen = rules.choose(violation, matrix, choice, others, measure_id=new_id(), number=number)
    store.add(work, chosen)
    return chosen


async def _case(change: Change, work: UnitOfWork) -> Case:
    violation_id = await store.violation_of(work, change.id)
    violation = await violations.lock(work, violation_id)
    require_visible(change.caller, violation.participant, "Deze maatregel")
    everything = await store.lock_all(work, violation_id)
    (found,) = (each for each in everything if each.id == change.id)
    require_version(found.version, change, "De maatregel")
    return Case(violation, found, tuple(each for each in everything if each.id != change.id))


async def intend(change: Change, on: date | None, work: UnitOfWork) -> Measure:
    """Announce the measure. Raises Refused."""
    case = await _case(change, work)
    held = await policy.policy_on(work, work.today)
    intended, term, event = imposing.intend(
        case.measure, on or work.today, work.today, held.hearing_days
    )
    store.save(work, intended)
    store.start(work, intended, (term,))
    work.publish(event)
    await store.refresh_due(work, case.violation.id)
    return intended


async def check_mandate(rows: Rows, found: Measure, caller: Caller, on: date) -> Check:
    """Whether the caller may decide on the measure in the name of the participant's organ."""
    if not found.is_decision:
        return mandates.NOT_NEEDED
    decision = Decision(found.participant, found.instrument, found.maximum, on, caller.roles)
    rows_of_register = await policy.mandates_for(rows, found.participant, found.instrument)
    return mandates.check(rows_of_register, decision)


async def impose(change: Change, imposition: Imposition, work: UnitOfWork) -> Measure:
    """Impose the measure, when law and mandate allow it. Raises Refused."""
    case = await _case(change, work)
    decided = rules.with_order(case.measure, imposition.order)
    check = await check_mandate(work, decided, change.caller, imposition.decided_on)
    imposed, terms, event = imposing.impose(
        case.measure, imposition, check, case.others, work.today
    )
    enforced = violation_rules.enforce(case.violation)
    store.save(work, imposed)
    if enforced is not case.violation:
        violations.save(work, enforced)
    store.start(work, imposed, terms)
    work.publish(event)
    await store.stop(work, imposed, (TermKind.HEARING,), imposition.decided_on)
    await store.refresh_due(work, case.violation.id)
    return imposed


async def forfeit(
    change: Change, inspection_id: UUID, work: UnitOfWork
) -> tuple[Measure, Forfeiture]:
    """Note that the penalty was forfeited, as a re-inspection proves. Raises Refused."""
    case = await _case(change, work)
    evidence = await _evidence(work, inspection_id, case.violation.id)
    earlier = await store.forfeitures_of(work, case.measure.id)
    changed, lost, terms, event = forfeiting.forfeit(case.measure, evidence, earlier, new_id())
    store.save(work, changed)
    store.add_forfeiture(work, lost)
    work.publish(event)
    await store.stop(work, changed, (TermKind.COMPLIANCE,), lost.forfeited_on)
    store.start(work, changed, terms)
    await store.refresh_due(work, case.violation.id)
    return changed, lost


async def _evidence(rows: Rows, inspection_id: UUID, violation_id: UUID) -> Evidence:
    try:
        found = await inspections.one(rows, inspection_id)
    except NotFound:
        raise conflict(
            "controleId", "onbekend", "Kies een hercontrole van de overtreding."
        ) from None
    findings = about(await inspections.findings_of(rows, inspection_id), violation_id)
    results = tuple(each.result for each in findings)
    return Evidence(found.id, found.violation_id, found.completed_on, results)


async def collect(
    change: Change, sequence: int, act: CollectionAct, on: date, work: UnitOfWork
) -> tuple[Measure, Forfeiture]:
    """Record a payment or a collection decision. Raises Refused."""
    case = await _case(change, work)
    forfeited = await store.forfeitures_of(work, case.measure.id)
    lost = next((each for each in forfeited if each.sequence == sequence), None)
    if lost is None:
        raise conflict("volgnummer", "onbekend", "Kies een verbeurde dwangsom van deze maatregel.")
    collected, term = forfeiting.collect(lost, act, on, work.today)
    changed = replace(case.measure, version=case.measure.version + 1)
    store.save(work, changed)
    store.save_forfeiture(work, collected)
    kinds = (TermKind.PAYMENT, TermKind.PRESCRIPTION)
    await store.stop(work, changed, kinds, on, of_forfeiture=lost.id)
    if term is not None:
        store.start(work, changed, (term,))
    await store.refresh_due(work, case.violation.id)
    return changed, collected


async def end(
    change: Change, result: MeasureResult, on: date | None, reason: str | None, work: UnitOfWork
) -> Measure:
    """End the measure: executed, withdrawn or exhausted. Raises Refused."""
    case = await _case(change, work)
    day = on or work.today
    ended, event = imposing.end(case.measure, result, day, reason, work.today)
    store.save(work, ended)
    work.publish(event)
    kinds = (TermKind.HEARING, TermKind.COMPLIANCE, TermKind.REPAIR)
    await store.stop(work, ended, kinds, day)
    await store.refresh_due(work, case.violation.id)
    return ended
