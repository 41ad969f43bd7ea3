"""Closing a month, and correcting what was closed."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import text

from services.reporting.periods import domain as periods_domain
from services.reporting.periods import store as periods_store
from services.reporting.periods.domain import last_day
from services.reporting.tables import hour_line, month_close
from services.reporting.weeks import domain as hours
from services.reporting.weeks import store as repository
from services.reporting.weeks.commands import blank
from services.reporting.weeks.domain import Line, Sheet, State
from shared.auth.caller import Caller
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, Forbidden, NotAllowed
from shared.ids import new_id
from shared.product.roles import Scope

_UNAPPROVED = text("""
    SELECT state, count(*)::int AS lines FROM hour_line
    WHERE booked_on <= :until AND state IN ('open', 'ingediend') GROUP BY state
""")
_CLOSE_LINES = text("""
    WITH closed AS (
        UPDATE hour_line SET state = 'gesloten'
        WHERE booked_on <= :until AND state = 'goedgekeurd'
        RETURNING sheet_id, minutes),
    per_sheet AS (
        SELECT sheet_id, sum(minutes)::int AS minutes FROM closed GROUP BY sheet_id),
    noted AS (
        INSERT INTO hours_history (id, sheet_id, at, actor, action, minutes, bulk)
        SELECT gen_random_uuid(), sheet_id, :now, :actor, 'gesloten', minutes, true
        FROM per_sheet)
    SELECT count(*)::int AS lines, COALESCE(sum(minutes), 0)::int AS minutes FROM closed
""")
_CLOSE_SHEETS = text("""
    UPDATE week_sheet s SET state = 'gesloten', version = version + 1
    WHERE s.state = 'goedgekeurd' AND s.starts_on <= :until
      AND NOT EXISTS (SELECT FROM hour_line l WHERE l.sheet_id = s.id AND l.state = 'goedgekeurd')
""")
_LOCK_CLOSES = text("SELECT pg_advisory_xact_lock(hashtext('month_close'))")


@dataclass(frozen=True, slots=True)
class Closed:
    """A closed month and what it holds."""

    month: date
    lines: int
    minutes: int


async def close_month(month: date, work: UnitOfWork) -> Closed:
    """Close a month and what lies before it, for good. Raises NotAllowed, Conflict."""
    await work.all(_LOCK_CLOSES)
    until = last_day(month)
    closed_until = await periods_store.closed_until(work)
    if closed_until is not None and until <= closed_until:
        raise Conflict(f"Deze maand is al afgesloten; gesloten is tot en met {closed_until}.")
    if closed_until is not None and month != closed_until + timedelta(days=1):
        raise NotAllowed(f"sluit eerst de maand na {closed_until} af", article="maandafsluiting")
    unapproved = await work.all(_UNAPPROVED, until=until)
    periods_domain.require_closable(month, work.today, {r["state"]: r["lines"] for r in unapproved})
    found = await work.one(_CLOSE_LINES, until=until, now=work.now, actor=work.actor)
    await work.execute(_CLOSE_SHEETS, until=until)
    closed = Closed(month, found["lines"], found["minutes"])
    row = {"month": month, "closed_at": work.now, "closed_by": work.actor}
    work.insert(month_close, {**row, "lines": closed.lines, "minutes": closed.minutes})
    return closed


@dataclass(frozen=True, slots=True)
class CorrectLine:
    """What a closed line should have been; no minutes takes it back altogether."""

    line_id: UUID
    minutes: int
    reason: str


async def correct(command: CorrectLine, caller: Caller, work: UnitOfWork) -> Sheet:
    """Reverse a closed line, in the present week of its employee.

    Raises NotFound, Forbidden, NotAllowed, Conflict.
    """
    line, row = await periods_store.lock_line(work, command.line_id)
    if row["employee"] != caller.employee and not caller.may(Scope.BUDGETS_MANAGE):
        raise Forbidden("Alleen de medewerker zelf of de controller corrigeert deze regel.")
    if await periods_store.is_corrected(work, line.id):
        raise NotAllowed("deze regel is al gecorrigeerd", article="maandafsluiting")
    rules = await repository.entry_rules(work, work.today)
    new = periods_domain.correction(
        line, State(row["state"]), command.minutes, rules, work.today, (new_id(), new_id())
    )
    sheet = await _present_week(row["employee"], work)
    return _book(work, sheet, new, row["case_number"], command.reason)


async def _present_week(employee: UUID, work: UnitOfWork) -> Sheet:
    monday = work.today - timedelta(days=work.today.weekday())
    sheet = blank(employee, monday)
    if await repository.find_sheet(work, sheet.id) is None:
        repository.new_sheet(work, sheet, None)
        await work.flush()
        return sheet
    found = await repository.lock_sheet(work, sheet.id)
    hours.require_editable(found)
    return found


def _book(
    work: UnitOfWork, sheet: Sheet, lines: list[Line], number: str | None, reason: str
) -> Sheet:
    numbers = {line.case_id: number for line in lines if line.case_id and number}
    rows = [{**repository.line_row(sheet, line, numbers), "reason": reason} for line in lines]
    work.insert_all(hour_line, rows)
    minutes = sheet.minutes + sum(line.minutes for line in lines)
    booked = replace(sheet, version=sheet.version + 1, minutes=minutes)
    repository.save_sheet(work, booked)
    repository.note(work, booked, "gecorrigeerd", reason)
    return booked
