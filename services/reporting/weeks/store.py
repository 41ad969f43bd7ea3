"""The store of week sheets: rows in, domain values out, with the locks that writing needs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.periods import locks
from services.reporting.weeks.domain import Line, ProductKind, Sheet, State, changes
from services.reporting.weeks.tables import employee, hour_line, hours_history, week_sheet
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import require_version
from shared.ids import new_id

# Shallow, where asdict copies each value: an import makes many lines.
_LINE_FIELDS = tuple(field.name for field in fields(Line))


class StoredSheet(NamedTuple):
    """A sheet as it is stored."""

    id: UUID
    employee: UUID
    starts_on: date
    state: State
    version: int
    minutes: int
    rejection: str | None

    def sheet(self) -> Sheet:
        """The sheet."""
        return Sheet(**self._asdict())


class StandingLine(NamedTuple):
    """An ordinary line of a sheet."""

    id: UUID
    work_date: date
    booked_on: date
    minutes: int
    product: str
    participant: str | None
    case_id: UUID | None
    activity: str | None
    kind: ProductKind

    def line(self) -> Line:
        """The line."""
        return Line(**self._asdict())


CHANGED_HERE = "Gewijzigd in de weekstaat"

_SHEET = "SELECT id, employee, starts_on, state, version, minutes, rejection FROM week_sheet"
_STARTS_ON = Query(date, text("SELECT starts_on FROM week_sheet WHERE id = :id"))
_LOCK_SHEET = Query(StoredSheet, text(f"{_SHEET} WHERE id = :id FOR UPDATE"))
_FIND_SHEET = Query(StoredSheet, text(f"{_SHEET} WHERE id = :id"))
_LOCK_SHEETS = Query(
    StoredSheet,
    text(f"{_SHEET} WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR UPDATE"),
)
_COUNT_LINES = Query(
    int,
    text("""
        SELECT count(*)::int AS lines FROM hour_line
        WHERE sheet_id = :sheet AND state <> 'teruggenomen'
    """),
)
_CORRECTION_MINUTES = Query(
    int,
    text("""
        SELECT COALESCE(sum(minutes), 0)::int AS minutes FROM hour_line
        WHERE sheet_id = :sheet AND booked_on <> work_date
    """),
)
# What corrects a closed month is booked on another day than that of the work.
_STANDING = Query(
    StandingLine,
    text("""
        SELECT id, work_date, booked_on, minutes, product, participant, case_id, activity, kind
        FROM hour_line
        WHERE sheet_id = :sheet AND booked_on = work_date AND state <> 'teruggenomen'
        ORDER BY id
    """),
)
_TAKE_BACK = text("""
    WITH taken AS (
        UPDATE hour_line SET state = 'teruggenomen' WHERE id = ANY(CAST(:ids AS uuid[]))
        RETURNING id, sheet_id, employee, state, work_date, booked_on, minutes, product, kind,
                  participant, case_id, case_number, activity)
    INSERT INTO hour_line (id, sheet_id, employee, state, work_date, booked_on, minutes, product,
                           kind, participant, case_id, case_number, activity, corrects, reason)
    SELECT gen_random_uuid(), sheet_id, employee, state, work_date, booked_on, -minutes, product,
           kind, participant, case_id, case_number, activity, id, :reason
    FROM taken
""")
_MOVE_LINES = text("""
    UPDATE hour_line SET state = :state WHERE sheet_id = :sheet AND state <> 'teruggenomen'
""")


async def lock_sheet(work: UnitOfWork, identity: UUID, version: int | None = None) -> Sheet:
    """The sheet, locked until the unit of work ends; its months stay open as long.

    Raises NotFound, VersionConflict.
    """
    monday = await work.one(_STARTS_ON, "Deze weekstaat", id=identity)
    await locks.share(work, [monday, monday + timedelta(days=6)])
    row = await work.one(_LOCK_SHEET, "Deze weekstaat", id=identity)
    require_version("Deze weekstaat", expected=version, found=row.version)
    return row.sheet()


async def lock_sheets(work: UnitOfWork, sheets: Sequence[Sheet]) -> list[Sheet]:
    """Those of these sheets that are stored, locked; their months stay open as long."""
    days = [day for sheet in sheets for day in (sheet.days[0], sheet.days[-1])]
    await locks.share(work, days)
    rows = await work.all(_LOCK_SHEETS, ids=sorted({sheet.id for sheet in sheets}))
    return [row.sheet() for row in rows]


async def find_sheet(rows: Rows, identity: UUID) -> Sheet | None:
    """The sheet, or None."""
    row = await rows.first(_FIND_SHEET, id=identity)
    return row.sheet() if row else None


def new_sheet(work: UnitOfWork, sheet: Sheet, name: str | None) -> None:
    """Queue a new sheet, and its employee under the name of the moment."""
    if name:
        work.upsert(employee, {"id": sheet.employee, "name": name}, keys=("id",))
    else:
        work.insert(employee, {"id": sheet.employee}, ignore=True)
    work.insert(week_sheet, {**asdict(sheet), "created_at": work.now})


def keep_name(work: UnitOfWork, identity: UUID, name: str) -> None:
    """Queue the name of an employee, as the token has it now."""
    work.upsert(employee, {"id": identity, "name": name}, keys=("id",))


def save_sheet(work: UnitOfWork, sheet: Sheet, **changes: Any) -> None:
    """Queue what changed of a sheet."""
    values = {
        "state": sheet.state,
        "version": sheet.version,
        "minutes": sheet.minutes,
        "rejection": sheet.rejection,
        **changes,
    }
    work.update(week_sheet, key={"id": sheet.id}, values=values)


async def move_lines(work: UnitOfWork, sheet: Sheet) -> None:
    """Let the lines follow their sheet."""
    await work.execute(_MOVE_LINES, state=sheet.state, sheet=sheet.id)


async def replace_lines(
    work: UnitOfWork, sheet: Sheet, lines: Sequence[Line], numbers: Mapping[UUID, str]
) -> int:
    """Put these lines in place of the ordinary ones; returns the minutes of the whole sheet.

    What says the same stays as it is; what is gone is taken back.
    """
    standing = await work.all(_STANDING, sheet=sheet.id)
    gone, new = changes([row.line() for row in standing], lines)
    if gone:
        await take_back(work, [line.id for line in gone], CHANGED_HERE)
    work.insert_all(hour_line, [line_row(sheet, line, numbers) for line in new])
    kept = await work.value(_CORRECTION_MINUTES, sheet=sheet.id) or 0
    return kept + sum(line.minutes for line in lines)


async def take_back(work: UnitOfWork, lines: Sequence[UUID], reason: str) -> None:
    """Add a counter-line to each of these lines, of open months: both come to nothing."""
    await work.execute(_TAKE_BACK, ids=list(lines), reason=reason)


def line_row(sheet: Sheet, line: Line, numbers: Mapping[UUID, str]) -> dict[str, Any]:
    """The row of a line on a sheet."""
    return {
        **{name: getattr(line, name) for name in _LINE_FIELDS},
        "sheet_id": sheet.id,
        "employee": sheet.employee,
        "state": sheet.state,
        "case_number": numbers.get(line.case_id) if line.case_id else None,
    }


async def count_lines(work: UnitOfWork, sheet: Sheet) -> int:
    """How many lines of the sheet stand."""
    return await work.value(_COUNT_LINES, sheet=sheet.id) or 0


def note(work: UnitOfWork, sheet: Sheet, action: str, reason: str | None = None) -> None:
    """Queue a line of the history of a sheet."""
    row = {
        "id": new_id(),
        "sheet_id": sheet.id,
        "at": work.now,
        "actor": work.actor,
        "action": action,
        "reason": reason,
        "minutes": sheet.minutes,
    }
    work.insert(hours_history, row)
