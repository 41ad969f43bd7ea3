"""Violations: established by an inspection, given their place in the matrix, resolved."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.inspections.domain import Finding, Inspection
from services.enforcement.policy import queries as policy
from services.enforcement.violations import domain, recidivism, store
from services.enforcement.violations.domain import Assessment, Position, Signature, Violation
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class PositionViolation:
    """How somebody positions a violation; an import says on which day that was."""

    violation_id: UUID
    assessment: Assessment
    version: int | None = None
    positioned_on: date | None = None


@dataclass(frozen=True, slots=True)
class EstablishViolation:
    """A finding of a completed inspection that is a violation."""

    inspection: Inspection
    finding: Finding


async def position(command: PositionViolation, ctx: Ctx) -> tuple[Violation, Position]:
    """Position a violation, under the policy that its case started with. Raises Refused."""
    ctx.require(Scope.ENFORCEMENT_WRITE)
    found = await store.lock(ctx.work, command.violation_id, ctx.sight, command.version)
    matrix = await policy.matrix_for(found.matrix_version, ctx.rows)
    suggestion = await recidivism.suggestion_for(found, ctx.today, ctx.rows)
    sequence = await store.count_positions(ctx.work, found.id) + 1
    signature = Signature(sequence, _moment(command, ctx), ctx.caller.name)
    placed, kept, event = domain.position(
        found, command.assessment, matrix, suggestion.record(), signature
    )
    store.save(ctx.work, placed)
    store.add_position(ctx.work, kept)
    ctx.work.publish(event)
    return placed, kept


def _moment(command: PositionViolation, ctx: Ctx) -> datetime:
    """Now; of what is imported only the day is known."""
    if command.positioned_on is None or ctx.source is None:
        return ctx.now
    return datetime.combine(command.positioned_on, time(12), UTC)


# What follows from other use cases: these asked for the right already.


async def establish(command: EstablishViolation, ctx: Ctx) -> Violation:
    """A finding "niet akkoord, voorschriften overtreden" becomes a violation."""
    on = command.inspection.completed_on
    year = ctx.today.year if ctx.source is None or on is None else on.year
    number = await ctx.kit.violations.next(ctx.work, year)
    established, event = domain.establish(command.inspection, command.finding, new_id(), number)
    store.add(ctx.work, established)
    ctx.work.publish(event)
    return established


async def lock(violation_id: UUID, ctx: Ctx, version: int | None = None) -> Violation:
    """The violation, for what is done with its measures. Raises NotFound, VersionConflict."""
    return await store.lock(ctx.work, violation_id, ctx.sight, version)


async def enforce(found: Violation, ctx: Ctx) -> Violation:
    """A measure was imposed. Raises NotAllowed."""
    enforced = domain.enforce(found)
    if enforced is not found:
        store.save(ctx.work, enforced)
    return enforced


async def resolve(found: Violation, on: date, ctx: Ctx) -> Violation:
    """The violation has ended. Raises Refused."""
    resolved, event = domain.resolve(found, on, ctx.today)
    store.save(ctx.work, resolved)
    ctx.work.publish(event)
    return resolved


async def note_due(violation_id: UUID, due_on: date | None, ctx: Ctx) -> None:
    """Which day its first running clock ends; kept here, so that the work list is one index."""
    store.save_due(ctx.work, violation_id, due_on)
