"""Week sheets and hour lines, as lists and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, select, text

from services.reporting.context import ReadCtx
from services.reporting.tables import employee, hour_line, participant, product, week_sheet
from services.reporting.weeks.domain import LineState, Sheet, State
from shared.db.filters import equals, one_of
from shared.db.listing import Listing, Page
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.errors import Forbidden
from shared.http.paging import Paging
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A week sheet with the name of its employee."""

    id: UUID
    version: int
    employee: UUID
    employee_name: str | None
    starts_on: date
    state: State
    minutes: int
    submitted_at: datetime | None
    decided_at: datetime | None
    rejection: str | None

    def sheet(self) -> Sheet:
        """The sheet."""
        names = ("id", "employee", "starts_on", "state", "version", "minutes", "rejection")
        return Sheet(**{name: getattr(self, name) for name in names})


@dataclass(frozen=True, slots=True)
class LineRow:
    """An hour line with the names of what it refers to."""

    id: UUID
    sheet_id: UUID
    employee: UUID
    state: LineState
    work_date: date
    booked_on: date
    minutes: int
    product: str
    product_name: str
    kind: str
    participant: str | None
    participant_name: str | None
    case_id: UUID | None
    case_number: str | None
    activity: str | None
    corrects: UUID | None
    reason: str | None
    settlement_id: UUID | None


class HistoryRow(NamedTuple):
    """Something that happened to a sheet."""

    at: datetime
    actor: str
    action: str
    reason: str | None


class CaseRow(NamedTuple):
    """A case to book on; `last_booked` when one did so before."""

    id: UUID
    number: str
    kind: str
    participant: str | None
    participant_name: str | None
    product: str | None
    product_name: str | None
    last_booked: date | None


class WeekDetail(NamedTuple):
    """A week sheet with its lines."""

    sheet: SheetRow
    lines: Sequence[LineRow]


_SHEET = """
    SELECT s.id, s.version, s.employee, e.name AS employee_name, s.starts_on, s.state, s.minutes,
           s.submitted_at, s.decided_at, s.rejection
    FROM week_sheet s JOIN employee e ON e.id = s.employee
"""
_LINE = """
    SELECT l.id, l.sheet_id, l.employee, l.state, l.work_date, l.booked_on, l.minutes, l.product,
           p.name AS product_name, l.kind, l.participant, d.name AS participant_name, l.case_id,
           l.case_number, l.activity, l.corrects, l.reason, l.settlement_id
    FROM hour_line l JOIN product p ON p.code = l.product
    LEFT JOIN participant d ON d.code = l.participant
"""
_ONE_SHEET = Query(SheetRow, text(f"{_SHEET} WHERE s.id = :id"))
_LINES_OF_SHEET = Query(
    LineRow,
    text(f"""
        {_LINE} WHERE l.sheet_id = :sheet AND l.state <> 'teruggenomen'
        ORDER BY l.work_date, l.id
    """),
)
_TAKEN_BACK = Query(
    LineRow,
    text(f"""
        {_LINE} WHERE l.sheet_id = :sheet AND l.state = 'teruggenomen' AND l.minutes < 0
        ORDER BY l.work_date, l.id
    """),
)
_ONE_LINE = Query(LineRow, text(f"{_LINE} WHERE l.id = :id"))
_HISTORY = Query(
    HistoryRow,
    text("""
        SELECT at, actor, action, reason FROM hours_history WHERE sheet_id = :sheet
        ORDER BY at DESC, id DESC
    """),
)
_OF_LINE = (
    *("id", "sheet_id", "employee", "state", "work_date", "booked_on", "minutes", "product"),
    *("kind", "participant", "case_id", "case_number", "activity", "corrects", "reason"),
    "settlement_id",
)
_SHEETS = Listing(
    SheetRow,
    select(
        week_sheet.c.id,
        week_sheet.c.version,
        week_sheet.c.employee,
        employee.c.name.label("employee_name"),
        week_sheet.c.starts_on,
        week_sheet.c.state,
        week_sheet.c.minutes,
        week_sheet.c.submitted_at,
        week_sheet.c.decided_at,
        week_sheet.c.rejection,
    ).join(employee, employee.c.id == week_sheet.c.employee),
    filters={
        "employee": equals(week_sheet.c.employee, "employee"),
        "starts_on": equals(week_sheet.c.starts_on, "starts_on"),
        "state": equals(week_sheet.c.state, "state"),
        "others_than": week_sheet.c.employee != bindparam("others_than", type_=Uuid),
    },
    order=(week_sheet.c.starts_on, week_sheet.c.id),
    descending=True,
)
_LINES = Listing(
    LineRow,
    select(
        *(hour_line.c[name] for name in _OF_LINE),
        product.c.name.label("product_name"),
        participant.c.name.label("participant_name"),
    )
    .join(product, product.c.code == hour_line.c.product)
    .outerjoin(participant, participant.c.code == hour_line.c.participant)
    .where(visible(hour_line)),
    filters={
        "participant": equals(hour_line.c.participant, "participant"),
        "employee": equals(hour_line.c.employee, "employee"),
        "product": equals(hour_line.c.product, "product"),
        "case_id": equals(hour_line.c.case_id, "case_id"),
        "state": equals(hour_line.c.state, "state"),
        "states": one_of(hour_line.c.state, "states"),
        "first": hour_line.c.booked_on >= bindparam("first", type_=Date),
        "after": hour_line.c.booked_on < bindparam("after", type_=Date),
    },
    order=(hour_line.c.booked_on, hour_line.c.id),
    descending=True,
)
_OLDEST_OPEN = Query(
    date,
    text("""
        SELECT starts_on FROM week_sheet
        WHERE employee = :employee AND state = 'open' AND starts_on < :before
        ORDER BY starts_on LIMIT 1
    """),
)
# Cases one booked on lately that are open still or moved this week, newest first.
_OWN_CASES = Query(
    CaseRow,
    text("""
        WITH mine AS (
            SELECT case_id, max(work_date) AS last_booked FROM hour_line
            WHERE employee = :employee AND case_id IS NOT NULL AND work_date >= :since
              AND state <> 'teruggenomen'
            GROUP BY case_id)
        SELECT c.id, c.number, c.kind, c.participant, d.name AS participant_name, c.product,
               p.name AS product_name, mine.last_booked
        FROM mine JOIN case_file c ON c.id = mine.case_id
        LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
        WHERE c.closed_on IS NULL OR c.closed_on >= :monday
        ORDER BY mine.last_booked DESC, c.id LIMIT 10
    """),
)
# Cases of which something happened this week, of the kinds one books on.
_MOVED_CASES = Query(
    CaseRow,
    text("""
        SELECT c.id, c.number, c.kind, c.participant, d.name AS participant_name, c.product,
               p.name AS product_name, NULL::date AS last_booked
        FROM case_file c
        LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
        WHERE c.active_on >= :monday AND c.active_on < CAST(:monday AS date) + 7
          AND (CAST(:kinds AS text[]) IS NULL OR c.kind = ANY(CAST(:kinds AS text[])))
        ORDER BY c.active_on DESC, c.id DESC LIMIT 5
    """),
)
_KINDS = Query(
    str,
    text("""
        SELECT DISTINCT c.kind FROM hour_line l JOIN case_file c ON c.id = l.case_id
        WHERE l.employee = :employee AND l.work_date >= :since AND l.state <> 'teruggenomen'
    """),
)
# Who accounts for all hours sees those of everybody.
_ACCOUNTS = (Scope.HOURS_APPROVE, Scope.BUDGETS_MANAGE, Scope.SETTLEMENTS_READ)


async def detail(rows: Rows, identity: UUID) -> WeekDetail:
    """A week sheet and its lines, for a use case that settled who asks. Raises NotFound."""
    sheet = await rows.one(_ONE_SHEET, "Deze weekstaat", id=identity)
    return WeekDetail(sheet, await rows.all(_LINES_OF_SHEET, sheet=identity))


async def week(identity: UUID, ctx: ReadCtx) -> WeekDetail:
    """One week sheet: one's own, or anybody's for who approves. Raises Forbidden, NotFound."""
    _require_reader(ctx)
    found = await detail(ctx.rows, identity)
    own = found.sheet.employee == ctx.caller.employee
    if not own and not ctx.caller.may(Scope.HOURS_APPROVE):
        raise Forbidden("Dit is de weekstaat van iemand anders.")
    return found


async def own_week(identity: UUID, ctx: ReadCtx) -> WeekDetail | None:
    """One's own week sheet, or None while it was not opened. Raises Forbidden."""
    _require_reader(ctx)
    sheet = await ctx.rows.first(_ONE_SHEET, id=identity)
    if sheet is None or sheet.employee != ctx.caller.employee:
        return None
    return WeekDetail(sheet, await ctx.rows.all(_LINES_OF_SHEET, sheet=identity))


async def weeks(
    page: Paging,
    ctx: ReadCtx,
    *,
    employee: UUID | None,
    starts_on: date | None,
    state: State | None,
) -> Page[SheetRow]:
    """One's own week sheets; those of everybody for who approves. Raises Forbidden."""
    _require_reader(ctx)
    whose = employee if ctx.caller.may(Scope.HOURS_APPROVE) else ctx.caller.employee
    filters = {"employee": whose, "starts_on": starts_on, "state": state}
    return await _SHEETS.page(ctx.rows, page, **filters)


async def waiting(page: Paging, ctx: ReadCtx) -> Page[SheetRow]:
    """The weeks that others handed in. Raises Forbidden."""
    ctx.require(Scope.HOURS_APPROVE)
    ctx.require_agency()
    filters = {"state": State.SUBMITTED, "others_than": ctx.caller.employee}
    return await _SHEETS.page(ctx.rows, page, **filters)


async def lines_of(identity: UUID, ctx: ReadCtx) -> list[LineRow]:
    """The lines of a week that waits for approval. Raises Forbidden."""
    ctx.require(Scope.HOURS_APPROVE)
    ctx.require_agency()
    return await ctx.rows.all(_LINES_OF_SHEET, sheet=identity)


async def line(identity: UUID, ctx: ReadCtx) -> LineRow:
    """One hour line. Raises Forbidden, NotFound."""
    ctx.require(Scope.HOURS_READ)
    found = await ctx.rows.one(_ONE_LINE, "Deze urenregel", id=identity)
    if not ctx.sight.sees(found.participant):
        raise Forbidden("Dit is een urenregel van een andere deelnemer.")
    return found


async def lines(page: Paging, ctx: ReadCtx, **filters: Any) -> Page[LineRow]:
    """Hour lines, the newest first: a participant's own, an employee's own. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    if filters.get("participant") is not None:
        ctx.require_participant(filters["participant"])
    accounts = any(ctx.caller.may(scope) for scope in _ACCOUNTS)
    if ctx.sight.everyone and not accounts:
        filters["employee"] = ctx.caller.employee
    return await _LINES.page(ctx.rows, page, sight=ctx.sight, **filters)


async def taken_back(identity: UUID, ctx: ReadCtx) -> list[LineRow]:
    """The counter-lines of a sheet. Raises Forbidden."""
    _require_reader(ctx)
    return await ctx.rows.all(_TAKEN_BACK, sheet=identity)


async def history_of(identity: UUID, ctx: ReadCtx) -> list[HistoryRow]:
    """What happened to a sheet, newest first. Raises Forbidden."""
    _require_reader(ctx)
    return await ctx.rows.all(_HISTORY, sheet=identity)


async def oldest_open_week(before: date, ctx: ReadCtx) -> date | None:
    """The Monday of one's oldest week that was not handed in. Raises Forbidden."""
    _require_reader(ctx)
    return await ctx.rows.value(_OLDEST_OPEN, employee=ctx.caller.employee, before=before)


async def suggestions(monday: date, ctx: ReadCtx) -> list[CaseRow]:
    """Cases to book on: one's own of late, then what moved this week of the same kinds."""
    _require_reader(ctx)
    employee, since = ctx.caller.employee, monday - timedelta(days=28)
    mine = await ctx.rows.all(_OWN_CASES, employee=employee, since=since, monday=monday)
    kinds = await ctx.rows.all(_KINDS, employee=employee, since=since)
    moved = await ctx.rows.all(_MOVED_CASES, monday=monday, kinds=kinds or None)
    seen = {row.id for row in mine}
    return [*mine, *(row for row in moved if row.id not in seen)][:12]


def _require_reader(ctx: ReadCtx) -> None:
    ctx.require(Scope.HOURS_READ)
    ctx.require_agency()
