"""Locks on months and years: who closes or settles one has it alone, others share it.

A month is locked before a sheet or a line of it, by everybody, so that nobody waits in a circle.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import text

from services.reporting.periods.domain import PeriodState, last_day, months_of
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork


class PeriodRow(NamedTuple):
    """A month."""

    month: date
    state: PeriodState


_SHARE = Query(
    PeriodRow,
    text("""
        SELECT month, state FROM period WHERE month = ANY(CAST(:months AS date[]))
        ORDER BY month FOR SHARE
    """),
)
_TAKE = Query(
    PeriodRow,
    text("""
        SELECT month, state FROM period WHERE month <= :month AND state = 'open'
        ORDER BY month FOR UPDATE
    """),
)
_TAKE_YEAR = text("SELECT pg_advisory_xact_lock(hashtext('settlement_run'), :year)")
_SHARE_YEAR = text("SELECT pg_advisory_xact_lock_shared(hashtext('settlement_run'), :year)")
_CLOSED_MONTH = Query(date, text("SELECT max(month) AS month FROM period WHERE state = 'gesloten'"))


async def share(work: UnitOfWork, days: Iterable[date]) -> None:
    """Keep the months of these days from being closed until the work ends."""
    await work.all(_SHARE, months=months_of(days))


async def take(work: UnitOfWork, month: date) -> list[PeriodRow]:
    """The open months up to and including this one, once nobody writes in them any more."""
    return await work.all(_TAKE, month=month)


async def take_year(work: UnitOfWork, year: int) -> None:
    """Have the year alone, to settle it."""
    await work.execute(_TAKE_YEAR, year=year)


async def share_year(work: UnitOfWork, year: int) -> None:
    """Keep the year from being settled until the work ends; waits for who settles it now."""
    await work.execute(_SHARE_YEAR, year=year)


async def closed_until(rows: Rows) -> date | None:
    """The last day of the closed period, or None while no month was closed."""
    month = await rows.value(_CLOSED_MONTH)
    return last_day(month) if month else None
