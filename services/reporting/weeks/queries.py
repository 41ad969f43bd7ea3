"""Week sheets and hour lines, as lists and one by one."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.reporting.listing import Listing
from shared.db.rows import Row, Rows

_SHEET = """
    SELECT s.*, e.name AS employee_name FROM week_sheet s JOIN employee e ON e.id = s.employee
"""
SHEET = text(_SHEET + " WHERE s.id = :id")
LINES_OF_SHEET = text("""
    SELECT l.*, p.name AS product_name, d.name AS participant_name
    FROM hour_line l JOIN product p ON p.code = l.product
    LEFT JOIN participant d ON d.code = l.participant
    WHERE l.sheet_id = :sheet ORDER BY l.work_date, l.id
""")
HISTORY = text("SELECT * FROM hours_history WHERE sheet_id = :sheet ORDER BY at DESC, id DESC")
SHEETS = Listing(
    select=_SHEET,
    conditions={
        "employee": "s.employee = :employee",
        "starts_on": "s.starts_on = :starts_on",
        "state": "s.state = :state",
        "not_employee": "s.employee <> :not_employee",
    },
    after="(s.starts_on, s.id) < (:after_0, :after_1)",
    order="s.starts_on DESC, s.id DESC",
    key=("starts_on", "id"),
    casts=(date.fromisoformat, UUID),
)
LINES = Listing(
    select="""
        SELECT l.*, p.name AS product_name FROM hour_line l JOIN product p ON p.code = l.product
    """,
    conditions={
        "participants": "l.participant = ANY(:participants)",
        "participant": "l.participant = :participant",
        "employee": "l.employee = :employee",
        "product": "l.product = :product",
        "case_id": "l.case_id = :case_id",
        "state": "l.state = :state",
        "states": "l.state = ANY(:states)",
        "first": "l.booked_on >= :first",
        "after": "l.booked_on < :after",
    },
    after="(l.booked_on, l.id) < (:after_0, :after_1)",
    order="l.booked_on DESC, l.id DESC",
    key=("booked_on", "id"),
    casts=(date.fromisoformat, UUID),
)
_OLDEST_OPEN = text("""
    SELECT starts_on FROM week_sheet
    WHERE employee = :employee AND state = 'open' AND starts_on < :before
    ORDER BY starts_on LIMIT 1
""")
# Cases one booked on lately that are open still or moved this week, newest first.
_OWN_CASES = text("""
    WITH mine AS (
        SELECT case_id, max(work_date) AS last_booked FROM hour_line
        WHERE employee = :employee AND case_id IS NOT NULL AND work_date >= :since
        GROUP BY case_id)
    SELECT c.*, mine.last_booked, p.name AS product_name, d.name AS participant_name
    FROM mine JOIN case_file c ON c.id = mine.case_id
    LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
    WHERE c.closed_on IS NULL OR c.closed_on >= :monday
    ORDER BY mine.last_booked DESC, c.id LIMIT 10
""")
# Cases of which something happened this week, of the kinds one books on.
_MOVED_CASES = text("""
    SELECT c.*, p.name AS product_name, d.name AS participant_name
    FROM case_file c
    LEFT JOIN product p ON p.code = c.product LEFT JOIN participant d ON d.code = c.participant
    WHERE c.active_on >= :monday AND c.active_on < CAST(:monday AS date) + 7
      AND (CAST(:kinds AS text[]) IS NULL OR c.kind = ANY(CAST(:kinds AS text[])))
    ORDER BY c.active_on DESC, c.id DESC LIMIT 5
""")
_KINDS = text("""
    SELECT DISTINCT c.kind FROM hour_line l JOIN case_file c ON c.id = l.case_id
    WHERE l.employee = :employee AND l.work_date >= :since
""")


async def sheet(rows: Rows, identity: UUID) -> Row:
    """One week sheet. Raises NotFound."""
    return await rows.one(SHEET, "Deze weekstaat", id=identity)


async def lines_of(rows: Rows, identity: UUID) -> list[Row]:
    """Its lines."""
    return await rows.all(LINES_OF_SHEET, sheet=identity)


async def history_of(rows: Rows, identity: UUID) -> list[Row]:
    """What happened to it, newest first."""
    return await rows.all(HISTORY, sheet=identity)


async def oldest_open_week(rows: Rows, employee: UUID, before: date) -> date | None:
    """The Monday of the oldest week that was not handed in."""
    found: date | None = await rows.value(_OLDEST_OPEN, employee=employee, before=before)
    return found


async def suggestions(rows: Rows, employee: UUID, monday: date) -> Sequence[Row]:
    """Cases to book on: one's own of late, then what moved this week of the same kinds."""
    since = date.fromordinal(monday.toordinal() - 28)
    mine = await rows.all(_OWN_CASES, employee=employee, since=since, monday=monday)
    kinds = [row["kind"] for row in await rows.all(_KINDS, employee=employee, since=since)]
    moved = await rows.all(_MOVED_CASES, monday=monday, kinds=kinds or None)
    seen = {row["id"] for row in mine}
    return [*mine, *(row for row in moved if row["id"] not in seen)][:12]
