"""A row as the commands of API and screens, each on the day on which it was done."""

from dataclasses import replace
from datetime import date
from typing import Final
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.imports.existing import (
    OTHER,
    Case,
    Known,
    found_by,
    looked_at_again,
)
from services.enforcement.imports.rows import InspectionRow
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections.commands import (
    CompleteInspection,
    PlanInspection,
    RecordFinding,
)
from services.enforcement.inspections.domain import (
    Finding,
    FindingResult,
    Inspection,
    InspectionState,
)
from services.enforcement.measures import commands as measures
from services.enforcement.measures import resolving
from services.enforcement.measures.commands import ChooseMeasure, ImposeMeasure
from services.enforcement.measures.domain.measure import Measure, Mode, Order
from services.enforcement.measures.resolving import ResolveViolation
from services.enforcement.violations import commands as violations
from services.enforcement.violations import queries as violation_queries
from services.enforcement.violations.commands import PositionViolation
from services.enforcement.violations.domain import Assessment, Violation
from shared.contracts.enforcement import InspectionKind
from shared.errors import conflict
from shared.imports import TAKEN_OVER, require_complete

NOTHING_WRONG: Final = Finding(1, OTHER, FindingResult.COMPLIANT)


async def take_over(row: InspectionRow, known: Known, ctx: Ctx) -> None:
    """Plan the inspection, and do what was done since. Raises Refused."""
    place = known.location(row)
    again = None
    if row.kind is InspectionKind.REINSPECTION:
        again = await looked_at_again(row, place.id, row.completed_on or ctx.today, ctx.rows)
    planned = await inspections.plan(plan_of(row, place.id, again.id if again else None), ctx)
    await follow(row, Case(planned), known, ctx)


def plan_of(row: InspectionRow, location_id: UUID, violation_id: UUID | None) -> PlanInspection:
    """What was planned; of what was only done, on the day on which it was."""
    return PlanInspection(
        kind=row.kind,
        location_id=location_id,
        planned_on=row.planned_on or row.completed_on,
        violation_id=violation_id,
        explanation=TAKEN_OVER,
        source_key=row.source_key,
        inspector_name=row.inspector,
    )


async def follow(row: InspectionRow, case: Case, known: Known, ctx: Ctx) -> None:
    """Do what the row tells and was not done yet. Raises Refused."""
    require_whole(row)
    if row.completed_on is None:
        return
    violation = case.violation
    if case.inspection.state is InspectionState.PLANNED:
        await _complete(row, case.inspection, row.completed_on, known, ctx)
        violation = await found_by(case.inspection.id, ctx.rows) if row.nature else None
    elif row.nature is not None and violation is None:
        await _record(row, case.inspection, known, ctx)
    if violation is None:
        return
    violation = await _position(row, violation, ctx)
    if row.instrument is not None and case.measure is None:
        await _impose(row, violation, ctx)
    if row.resolved_on is not None and violation.open:
        await resolving.resolve(ResolveViolation(violation.id, row.resolved_on), ctx)


def require_whole(row: InspectionRow) -> None:
    """Raises Conflict for a cell that would be lost without another one."""
    require_complete(row, "completed_on", "nature", "resolved_on")
    require_complete(row, "nature", "rule", "consequence", "behaviour", "instrument", "resolved_on")
    require_complete(row, "consequence", "behaviour")
    require_complete(row, "instrument", "imposed_on", "amount", "maximum", "term_days")
    require_complete(row, "amount", "maximum")
    if row.violation_key is not None and row.kind is not InspectionKind.REINSPECTION:
        raise conflict("violation_key", "onverwacht", "Alleen een hercontrole kijkt opnieuw.")


async def _complete(
    row: InspectionRow, planned: Inspection, on: date, known: Known, ctx: Ctx
) -> None:
    if planned.violation_id is not None:
        looked_at = await violation_queries.find(planned.violation_id, ctx.rows, ctx.sight)
        assert looked_at is not None
        await _note(_seen_again(looked_at, on), planned, ctx)
    if row.nature is not None:
        await _record(row, planned, known, ctx)
    elif planned.violation_id is None:
        await _note(NOTHING_WRONG, planned, ctx)
    await inspections.complete(CompleteInspection(planned.id, on), ctx)


async def _record(row: InspectionRow, planned: Inspection, known: Known, ctx: Ctx) -> None:
    assert row.nature is not None
    finding = Finding(
        sequence=0,
        topic=known.topic(row.nature),
        result=FindingResult.VIOLATED,
        rule=row.rule,
        details=row.nature,
        consequence=row.consequence,
        behaviour=row.behaviour,
    )
    await _note(finding, planned, ctx, new_violation=True)


async def _note(
    finding: Finding, planned: Inspection, ctx: Ctx, *, new_violation: bool = False
) -> None:
    await inspections.record(RecordFinding(planned.id, finding, new_violation), ctx)


def _seen_again(violation: Violation, on: date) -> Finding:
    """The source tells when it ended; without that day nobody knows what was seen."""
    ended = violation.resolved_on is not None and violation.resolved_on <= on
    result = FindingResult.COMPLIANT if ended else FindingResult.FURTHER
    return Finding(0, violation.nature, result)


async def _position(row: InspectionRow, violation: Violation, ctx: Ctx) -> Violation:
    """Place it as the source does: whether that was recidivism it does not say."""
    if row.consequence is None or not violation.open:
        return violation
    assessment = Assessment(row.consequence, row.behaviour, recidivism=False)
    if violation.cell is not None:
        if _placed_so(row, violation):
            return violation
        reason = f"Gecorrigeerd in {row.source}; was {violation.cell}"
        assessment = replace(assessment, reason=reason)
    command = PositionViolation(violation.id, assessment, positioned_on=violation.established_on)
    placed, _ = await violations.position(command, ctx)
    return placed


def _placed_so(row: InspectionRow, violation: Violation) -> bool:
    behaviour = row.behaviour or violation.behaviour
    return (row.consequence, behaviour) == (violation.consequence, violation.behaviour)


async def _impose(row: InspectionRow, violation: Violation, ctx: Ctx) -> Measure:
    """The decision as it was taken elsewhere, where its hearing and mandate are kept."""
    assert row.instrument is not None
    on = row.imposed_on or violation.established_on
    chosen = await measures.choose(
        ChooseMeasure(
            violation_id=violation.id,
            instrument=row.instrument,
            deviation_reason=TAKEN_OVER,
            order=order_of(row),
            term_days=row.term_days,
            chosen_on=on,
        ),
        ctx,
    )
    command = ImposeMeasure(chosen.id, decided_on=on, urgency_reason=TAKEN_OVER)
    return await measures.impose(command, ctx)


def order_of(row: InspectionRow) -> Order | None:
    """What it costs not to comply, where the source names a sum."""
    if row.amount is None:
        return None
    maximum = row.maximum or row.amount
    return Order(Mode.ONCE if maximum == row.amount else Mode.PER_VIOLATION, row.amount, maximum)
