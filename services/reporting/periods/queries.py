"""Reads of months, and of the line that is to be corrected."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.context import ReadCtx
from services.reporting.periods.store import Totals
from services.reporting.weeks import queries as weeks
from services.reporting.weeks.queries import LineRow
from shared.db.query import Query
from shared.errors import Forbidden
from shared.product.roles import Scope


class UnapprovedRow(NamedTuple):
    """Lines of a month that are not approved yet."""

    month: date
    state: str
    lines: int
    minutes: int


_CLOSED = Query(
    Totals,
    text("""
        SELECT month, lines, minutes FROM period WHERE state = 'gesloten'
        ORDER BY month DESC LIMIT 24
    """),
)
_UNAPPROVED = Query(
    UnapprovedRow,
    text("""
        SELECT date_trunc('month', booked_on)::date AS month, state,
               count(*)::int AS lines, sum(minutes)::int AS minutes
        FROM hour_line WHERE state IN ('open', 'ingediend') GROUP BY 1, 2 ORDER BY 1, 2
    """),
)


async def closed_months(ctx: ReadCtx) -> list[Totals]:
    """The closed months, the last one first. Raises Forbidden."""
    _require_controller(ctx)
    return await ctx.rows.all(_CLOSED)


async def unapproved_by_month(ctx: ReadCtx) -> list[UnapprovedRow]:
    """Lines that are not approved yet, by month and state. Raises Forbidden."""
    _require_controller(ctx)
    return await ctx.rows.all(_UNAPPROVED)


def _require_controller(ctx: ReadCtx) -> None:
    ctx.require(Scope.BUDGETS_MANAGE)
    ctx.require_agency()


async def line_to_correct(identity: UUID, ctx: ReadCtx) -> LineRow:
    """One hour line, for who may correct it. Raises Forbidden, NotFound."""
    ctx.require(Scope.HOURS_WRITE)
    ctx.require_agency()
    line = await weeks.line(identity, ctx)
    if line.employee != ctx.caller.employee and not ctx.caller.may(Scope.BUDGETS_MANAGE):
        raise Forbidden("Dit is een urenregel van iemand anders.")
    return line
