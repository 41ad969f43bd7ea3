"""Measures: chosen, announced, imposed under a mandate, forfeited, collected, ended."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.inspections import queries as inspections
from services.enforcement.inspections.domain import about
from services.enforcement.measures import queries, store
from services.enforcement.measures.domain import forfeiture as forfeiting
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain import measure as rules
from services.enforcement.measures.domain.forfeiture import CollectionAct, Evidence, Forfeiture
from services.enforcement.measures.domain.imposing import Imposition
from services.enforcement.measures.domain.measure import Choice, Measure, Order
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.policy import queries as policy
from services.enforcement.policy.domain.mandate import Check, taken_over
from services.enforcement.violations import commands as violations
from services.enforcement.violations.domain import Violation
from shared.contracts.enforcement import Instrument, MeasureResult
from shared.errors import require_version, unknown
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ChooseMeasure:
    """What a lawyer chooses for a violation; an import says on which day that was."""

    violation_id: UUID
    instrument: Instrument
    deviation_reason: str | None = None
    order: Order | None = None
    term_days: int | None = None
    remedy: str | None = None
    explanation: str | None = None
    version: int | None = None
    chosen_on: date | None = None


@dataclass(frozen=True, slots=True)
class IntendMeasure:
    """The announcement, today unless told otherwise."""

    measure_id: UUID
    decided_on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ImposeMeasure:
    """The decision, today and published at once unless told otherwise."""

    measure_id: UUID
    decided_on: date | None = None
    published_on: date | None = None
    order: Order | None = None
    term_days: int | None = None
    remedy: str | None = None
    urgency_reason: str | None = None
    view_received_on: date | None = None
    consulted: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class ForfeitPenalty:
    """The re-inspection that proves that the order was not complied with."""

    measure_id: UUID
    inspection_id: UUID
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CollectPenalty:
    """A payment or a collection decision, today unless told otherwise."""

    measure_id: UUID
    sequence: int
    act: CollectionAct
    on: date | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class EndMeasure:
    """How the measure ends, today unless told otherwise."""

    measure_id: UUID
    result: MeasureResult
    ended_on: date | None = None
    reason: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A measure that is to change, with the violation and the other measures against it."""

    violation: Violation
    measure: Measure
    others: tuple[Measure, ...]


async def choose(command: ChooseMeasure, ctx: Ctx) -> Measure:
    """Choose a measure for a violation. Raises Refused."""
    ctx.require(Scope.ENFORCEMENT_WRITE)
    violation = await violations.lock(command.violation_id, ctx, command.version)
    others = await store.lock_all(ctx.work, violation.id)
    matrix = await policy.matrix_for(violation.matrix_version, ctx.rows)
    choice = Choice(
        instrument=command.instrument,
        deviation_reason=command.deviation_reason,
        by=ctx.caller.name,
        on=ctx.today if command.chosen_on is None or ctx.source is None else command.chosen_on,
        order=command.order,
        term_days=command.term_days,
        remedy=command.remedy,
        explanation=command.explanation,
    )
    number = await ctx.kit.measures.next(ctx.work, choice.on.year)
    chosen = rules.choose(violation, matrix, choice, others, measure_id=new_id(), number=number)
    store.add(ctx.work, chosen)
    return chosen


async def _case(measure_id: UUID, version: int | None, ctx: Ctx) -> Case:
    """Locks go violation, then measure."""
    violation_id = await store.violation_of(ctx.rows, measure_id, ctx.sight)
    violation = await violations.lock(violation_id, ctx)
    everything = await store.lock_all(ctx.work, violation_id)
    (found,) = (each for each in everything if each.id == measure_id)
    require_version("De maatregel", expected=version, found=found.version)
    return Case(violation, found, tuple(each for each in everything if each.id != measure_id))


async def _refresh_due(case: Case, ctx: Ctx) -> None:
    due_on = await store.first_due(ctx.work, case.violation.id)
    await violations.note_due(case.violation.id, due_on, ctx)


async def intend(command: IntendMeasure, ctx: Ctx) -> Measure:
    """Announce the measure. Raises Refused."""
    ctx.require(Scope.ENFORCEMENT_WRITE)
    case = await _case(command.measure_id, command.version, ctx)
    held = await policy.policy_on(ctx.today, ctx.rows)
    on = command.decided_on or ctx.today
    imposing.require_since(case.violation, on)
    intended, term, event = imposing.intend(case.measure, on, ctx.today, held.hearing_days)
    store.save(ctx.work, intended)
    store.start(ctx.work, intended, (term,))
    ctx.work.publish(event)
    await _refresh_due(case, ctx)
    return intended


async def impose(command: ImposeMeasure, ctx: Ctx) -> Measure:
    """Impose the measure, when law and mandate allow it. Raises Refused."""
    ctx.require(Scope.ORDER_IMPOSE)
    case = await _case(command.measure_id, command.version, ctx)
    imposition = _imposition(command, ctx)
    imposing.require_since(case.violation, imposition.decided_on)
    decided = rules.with_order(case.measure, imposition.order)
    check = await _mandate(decided, imposition.decided_on, ctx)
    imposed, terms, event = imposing.impose(case.measure, imposition, check, case.others, ctx.today)
    await violations.enforce(case.violation, ctx)
    store.save(ctx.work, imposed)
    store.start(ctx.work, imposed, terms)
    ctx.work.publish(event)
    await store.stop(ctx.work, imposed, (TermKind.HEARING,), imposition.decided_on)
    await _refresh_due(case, ctx)
    return imposed


def _imposition(command: ImposeMeasure, ctx: Ctx) -> Imposition:
    decided_on = command.decided_on or ctx.today
    return Imposition(
        decided_on=decided_on,
        published_on=command.published_on or decided_on,
        by=ctx.caller.name,
        order=command.order,
        term_days=command.term_days,
        remedy=command.remedy,
        urgency_reason=command.urgency_reason,
        view_received_on=command.view_received_on,
        consulted=command.consulted,
    )


async def _mandate(decided: Measure, on: date, ctx: Ctx) -> Check:
    """A decision of the past was taken elsewhere: its mandate is not tested again."""
    if ctx.source is not None:
        return taken_over(ctx.source)
    return await queries.mandate_for(decided, on, ctx)


async def forfeit(command: ForfeitPenalty, ctx: Ctx) -> tuple[Measure, Forfeiture]:
    """Note that the penalty was forfeited, as a re-inspection proves. Raises Refused."""
    ctx.require(Scope.ORDER_IMPOSE)
    case = await _case(command.measure_id, command.version, ctx)
    evidence = await _evidence(command.inspection_id, case.violation.id, ctx)
    earlier = await store.forfeitures_of(ctx.rows, case.measure.id)
    changed, lost, terms, event = forfeiting.forfeit(case.measure, evidence, earlier, new_id())
    store.save(ctx.work, changed)
    store.add_forfeiture(ctx.work, lost)
    ctx.work.publish(event)
    await store.stop(ctx.work, changed, (TermKind.COMPLIANCE,), lost.forfeited_on)
    store.start(ctx.work, changed, terms)
    await _refresh_due(case, ctx)
    return changed, lost


async def _evidence(inspection_id: UUID, violation_id: UUID, ctx: Ctx) -> Evidence:
    found = await inspections.find(inspection_id, ctx.rows, ctx.sight)
    if found is None:
        raise unknown("inspection_id", "Kies een hercontrole van de overtreding.")
    findings = about(await inspections.found_at(inspection_id, ctx.rows), violation_id)
    results = tuple(each.result for each in findings)
    return Evidence(found.id, found.violation_id, found.completed_on, results)


async def collect(command: CollectPenalty, ctx: Ctx) -> tuple[Measure, Forfeiture]:
    """Record a payment or a collection decision. Raises Refused."""
    ctx.require(Scope.ORDER_IMPOSE)
    case = await _case(command.measure_id, command.version, ctx)
    forfeited = await store.forfeitures_of(ctx.rows, case.measure.id)
    lost = next((each for each in forfeited if each.sequence == command.sequence), None)
    if lost is None:
        raise unknown("sequence", "Kies een verbeurde dwangsom van deze maatregel.")
    on = command.on or ctx.today
    collected, term = forfeiting.collect(lost, command.act, on, ctx.today)
    changed = replace(case.measure, version=case.measure.version + 1)
    store.save(ctx.work, changed)
    store.save_forfeiture(ctx.work, collected)
    kinds = (TermKind.PAYMENT, TermKind.PRESCRIPTION)
    await store.stop(ctx.work, changed, kinds, on, of_forfeiture=lost.id)
    if term is not None:
        store.start(ctx.work, changed, (term,))
    await _refresh_due(case, ctx)
    return changed, collected


async def end(command: EndMeasure, ctx: Ctx) -> Measure:
    """End the measure: executed, withdrawn or exhausted. Raises Refused."""
    ctx.require(Scope.ORDER_IMPOSE)
    case = await _case(command.measure_id, command.version, ctx)
    day = command.ended_on or ctx.today
    ended, event = imposing.end(case.measure, command.result, day, command.reason, ctx.today)
    store.save(ctx.work, ended)
    ctx.work.publish(event)
    kinds = (TermKind.HEARING, TermKind.COMPLIANCE, TermKind.REPAIR)
    await store.stop(ctx.work, ended, kinds, day)
    await _refresh_due(case, ctx)
    return ended
