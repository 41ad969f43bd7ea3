"""The store of reporting: rows in, domain values out, with the locks that writing needs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, text

from services.reporting.periods.store import closed_until
from services.reporting.prices.queries import parameter_on
from services.reporting.tables import (
    employee,
    hour_line,
    hours_history,
    week_sheet,
)
from services.reporting.weeks.domain import Line, Rules, Sheet, State
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.http.versions import require_version
from shared.ids import new_id

# Shallow, where asdict copies each value: an import makes many lines.
_LINE_FIELDS = tuple(field.name for field in fields(Line))
_LOCK_SHEET = select(week_sheet).where(week_sheet.c.id == bindparam("id")).with_for_update()
_FIND_SHEET = select(week_sheet).where(week_sheet.c.id == bindparam("id"))
_COUNT_LINES = select(func.count()).where(hour_line.c.sheet_id == bindparam("sheet"))
_CORRECTION_MINUTES = text("""
    SELECT COALESCE(sum(minutes), 0)::int FROM hour_line
    WHERE sheet_id = :sheet AND corrects IS NOT NULL
""")
_DROP_LINES = text("DELETE FROM hour_line WHERE sheet_id = :sheet AND corrects IS NULL")
_MOVE_LINES = text("UPDATE hour_line SET state = :state WHERE sheet_id = :sheet")


async def lock_sheet(work: UnitOfWork, identity: UUID, version: int | None = None) -> Sheet:
    """The sheet, locked until the unit of work ends. Raises NotFound, VersionConflict."""
    row = await work.one(_LOCK_SHEET, "Deze weekstaat", id=identity)
    if version is not None:
        require_version(row, version, "Deze weekstaat")
    return sheet_of(row)


async def find_sheet(rows: Rows, identity: UUID) -> Sheet | None:
    """The sheet, or None."""
    row = await rows.first(_FIND_SHEET, id=identity)
    return sheet_of(row) if row else None


def sheet_of(row: Row) -> Sheet:
    """The sheet that a row holds."""
    return Sheet(
        id=row["id"],
        employee=row["employee"],
        starts_on=row["starts_on"],
        state=State(row["state"]),
        version=row["version"],
        minutes=row["minutes"],
        rejection=row["rejection"],
    )


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
    """Put these lines in place of the ordinary ones; returns the minutes of the whole sheet."""
    await work.execute(_DROP_LINES, sheet=sheet.id)
    work.insert_all(hour_line, [line_row(sheet, line, numbers) for line in lines])
    kept: int = await work.value(_CORRECTION_MINUTES, sheet=sheet.id)
    return kept + sum(line.minutes for line in lines)


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
    """How many lines the sheet has."""
    found: int = await work.value(_COUNT_LINES, sheet=sheet.id)
    return found


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


async def entry_rules(rows: Rows, today: date) -> Rules:
    """The rules of entry on a day."""
    step = await parameter_on(rows, "urenstap", today)
    return Rules(step=step["minuten"] if step else 15, closed_until=await closed_until(rows))
