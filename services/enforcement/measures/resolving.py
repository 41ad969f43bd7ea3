"""A violation has ended: the violation is resolved, its measures are done with, the case closes."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.measures import store
from services.enforcement.measures.domain import imposing
from services.enforcement.measures.domain.measure import IN_FORCE, PREPARED, Measure
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.violations import commands as violations
from shared.contracts.enforcement import MeasureResult

# A forfeited penalty stays due, and objection stays open, when the violation has ended.
OF_THE_DUTY: Final = (TermKind.HEARING, TermKind.COMPLIANCE, TermKind.REPAIR)
NOT_NEEDED: Final = "De overtreding is hersteld voordat een besluit nodig was."


@dataclass(frozen=True, slots=True)
class ResolveViolation:
    """The day on which a violation was found to have ended."""

    violation_id: UUID
    on: date


async def resolve(command: ResolveViolation, ctx: Ctx) -> None:
    """Resolve a violation that is still open, and end what was done against it.

    It follows from an inspection, which asked for the right.
    """
    found = await violations.lock(command.violation_id, ctx)
    if not found.open:
        return
    await violations.resolve(found, command.on, ctx)
    for each in await store.lock_all(ctx.work, found.id):
        if each.state in IN_FORCE:
            await _end(each, MeasureResult.EXECUTED, command.on, None, ctx)
        elif each.state in PREPARED:
            await _end(each, MeasureResult.WITHDRAWN, command.on, NOT_NEEDED, ctx)
    await violations.note_due(found.id, await store.first_due(ctx.work, found.id), ctx)


async def _end(
    found: Measure, result: MeasureResult, on: date, reason: str | None, ctx: Ctx
) -> None:
    ended, event = imposing.end(found, result, on, reason, ctx.today)
    store.save(ctx.work, ended)
    ctx.work.publish(event)
    await store.stop(ctx.work, ended, OF_THE_DUTY, on)
