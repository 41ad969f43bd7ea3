"""The writes of closing a month, and the line that is corrected."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.weeks.domain import Line, LineState, ProductKind
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork


class Count(NamedTuple):
    """How many lines are in a state."""

    state: str
    lines: int


class Totals(NamedTuple):
    """What a month holds."""

    month: date
    lines: int
    minutes: int


class LineRow(NamedTuple):
    """A line as it is stored."""

    id: UUID
    employee: UUID
    state: LineState
    work_date: date
    booked_on: date
    minutes: int
    product: str
    kind: ProductKind
    participant: str | None
    case_id: UUID | None
    case_number: str | None
    activity: str | None
    corrects: UUID | None

    def line(self) -> Line:
        """The line."""
        return Line(
            id=self.id,
            work_date=self.work_date,
            booked_on=self.booked_on,
            minutes=self.minutes,
            product=self.product,
            participant=self.participant,
            case_id=self.case_id,
            activity=self.activity,
            kind=self.kind,
            corrects=self.corrects,
        )


_UNAPPROVED = Query(
    Count,
    text("""
        SELECT state, count(*)::int AS lines FROM hour_line
        WHERE booked_on <= :until AND state IN ('open', 'ingediend') GROUP BY state
    """),
)
_CLOSE_LINES = Query(
    Totals,
    text("""
        WITH closed AS (
            UPDATE hour_line SET state = 'gesloten'
            WHERE booked_on <= :until AND state = 'goedgekeurd'
            RETURNING sheet_id, booked_on, minutes),
        per_sheet AS (
            SELECT sheet_id, sum(minutes)::int AS minutes FROM closed GROUP BY sheet_id),
        noted AS (
            INSERT INTO hours_history (id, sheet_id, at, actor, action, minutes, bulk)
            SELECT gen_random_uuid(), sheet_id, :now, :actor, 'gesloten', minutes, true
            FROM per_sheet)
        SELECT date_trunc('month', booked_on)::date AS month, count(*)::int AS lines,
               sum(minutes)::int AS minutes
        FROM closed GROUP BY 1 ORDER BY 1
    """),
)
_CLOSE_SHEETS = text("""
    UPDATE week_sheet s SET state = 'gesloten', version = version + 1
    WHERE s.state = 'goedgekeurd' AND s.starts_on <= :until
      AND NOT EXISTS (SELECT FROM hour_line l WHERE l.sheet_id = s.id AND l.state = 'goedgekeurd')
""")
_CLOSE_PERIODS = text("""
    UPDATE period p SET state = 'gesloten', closed_at = :now, closed_by = :actor,
        lines = COALESCE(t.lines, 0), minutes = COALESCE(t.minutes, 0)
    FROM unnest(CAST(:months AS date[])) asked
    LEFT JOIN json_to_recordset(CAST(:totals AS json)) AS t (month date, lines int, minutes int)
        ON t.month = asked
    WHERE p.month = asked
""")
_LOCK_LINE = Query(
    LineRow,
    text("""
        SELECT id, employee, state, work_date, booked_on, minutes, product, kind, participant,
               case_id, case_number, activity, corrects
        FROM hour_line WHERE id = :id FOR UPDATE
    """),
)
_CORRECTED = Query(UUID, text("SELECT id FROM hour_line WHERE corrects = :id LIMIT 1"))


async def unapproved(work: UnitOfWork, until: date) -> dict[str, int]:
    """How many lines up to this day are not approved, by state."""
    return {row.state: row.lines for row in await work.all(_UNAPPROVED, until=until)}


async def close(work: UnitOfWork, months: list[date], until: date, now: datetime) -> list[Totals]:
    """Close these months with their lines and sheets; what each month that has lines holds."""
    totals = await work.all(_CLOSE_LINES, until=until, now=now, actor=work.actor)
    await work.execute(_CLOSE_SHEETS, until=until)
    kept = [row._asdict() for row in totals]
    await work.execute(_CLOSE_PERIODS, months=months, totals=kept, now=now, actor=work.actor)
    return totals


async def lock_line(work: UnitOfWork, identity: UUID) -> LineRow:
    """The line, locked. Raises NotFound."""
    return await work.one(_LOCK_LINE, "Deze urenregel", id=identity)


async def is_corrected(work: UnitOfWork, identity: UUID) -> bool:
    """Whether the line was reversed before."""
    return await work.first(_CORRECTED, id=identity) is not None
