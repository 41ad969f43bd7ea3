"""Closing a month, and correcting what was closed."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.reporting.context import Ctx
from services.reporting.periods import domain, locks, store
from services.reporting.weeks import commands as weeks
from services.reporting.weeks.queries import WeekDetail
from shared.errors import Forbidden, NotAllowed, conflict
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class CloseMonth:
    """Close a month, by its first day, and what lies before it, for good."""

    month: date


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month, and what was closed with it."""

    month: date
    lines: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CorrectLine:
    """What a closed line should have been; no minutes takes it back altogether."""

    line_id: UUID
    minutes: int
    reason: str


async def close(command: CloseMonth, ctx: Ctx) -> Closed:
    """Raises Forbidden, NotAllowed, Conflict."""
    ctx.require(Scope.BUDGETS_MANAGE)
    ctx.require_agency()
    if command.month.day != 1:
        raise conflict("month", "eerste_dag", "Geef de eerste dag van de maand, als 2026-10-01.")
    # Waits for everybody who writes hours in these months; who comes after finds them closed.
    months = [row.month for row in await locks.take(ctx.work, command.month)]
    domain.require_next(command.month, await locks.closed_until(ctx.work))
    until = domain.last_day(command.month)
    domain.require_closable(command.month, ctx.today, await store.unapproved(ctx.work, until))
    totals = await store.close(ctx.work, months, until, ctx.now)
    lines, minutes = sum(row.lines for row in totals), sum(row.minutes for row in totals)
    return Closed(command.month, lines, minutes)


async def correct(command: CorrectLine, ctx: Ctx) -> WeekDetail:
    """Reverse a closed line, in the present week of its employee.

    Raises NotFound, Forbidden, NotAllowed, Conflict.
    """
    ctx.require(Scope.HOURS_WRITE)
    ctx.require_agency()
    await locks.share(ctx.work, [ctx.today])
    row = await store.lock_line(ctx.work, command.line_id)
    if row.employee != ctx.caller.employee and not ctx.caller.may(Scope.BUDGETS_MANAGE):
        raise Forbidden("Alleen de medewerker zelf of de controller corrigeert deze regel.")
    if await store.is_corrected(ctx.work, row.id):
        raise NotAllowed("Deze regel is al gecorrigeerd", article="maandafsluiting")
    rules = await weeks.entry_rules(ctx)
    lines = domain.correction(
        row.line(), row.state, command.minutes, rules, ctx.today, (new_id(), new_id())
    )
    correction = weeks.Correction(row.employee, tuple(lines), row.case_number, command.reason)
    return await weeks.book_correction(correction, ctx)
