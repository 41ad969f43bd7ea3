"""The week sheet: open it, fill it, hand it in, and have another judge it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.reporting.weeks import domain as hours
from services.reporting.weeks import store as repository
from services.reporting.weeks.domain import Sheet, State
from services.reporting.weeks.entry import Entry, known, resolve
from shared.auth.caller import Caller
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict


@dataclass(frozen=True, slots=True)
class FillWeek:
    """The ordinary lines of a week, in place of those that stand there."""

    sheet_id: UUID
    version: int
    entries: Sequence[Entry]


async def open_week(starts_on: date, caller: Caller, work: UnitOfWork) -> Sheet:
    """Open a week sheet of one's own. Raises Conflict when it is there already."""
    sheet = blank(caller.employee, starts_on)
    if await repository.find_sheet(work, sheet.id):
        raise Conflict(f"Uw weekstaat van {sheet.week} bestaat al.")
    repository.new_sheet(work, sheet, caller.name)
    return sheet


async def own_week(starts_on: date, caller: Caller, work: UnitOfWork) -> Sheet:
    """The week sheet of one's own, opened when it was not there."""
    sheet = blank(caller.employee, starts_on)
    found = await repository.find_sheet(work, sheet.id)
    if found is None:
        repository.new_sheet(work, sheet, caller.name)
        await work.flush()
    return found or sheet


def blank(employee: UUID, starts_on: date) -> Sheet:
    """An empty week sheet."""
    identity = hours.sheet_id(employee, starts_on)
    return Sheet(identity, employee, starts_on, State.OPEN, version=1)


async def fill(command: FillWeek, caller: Caller, work: UnitOfWork) -> Sheet:
    """Replace the lines of an open week. Raises Forbidden, NotAllowed, Conflict."""
    sheet = await repository.lock_sheet(work, command.sheet_id, command.version)
    hours.require_own(sheet, caller.employee)
    hours.require_editable(sheet)
    about = await known(work, command.entries)
    lines = resolve(command.entries, about)
    rules = await repository.entry_rules(work, work.today)
    hours.check_lines(sheet, lines, rules, work.today)
    minutes = await repository.replace_lines(work, sheet, lines, about.numbers)
    filled = replace(sheet, version=sheet.version + 1, minutes=minutes)
    repository.save_sheet(work, filled)
    repository.keep_name(work, caller.employee, caller.name)
    return filled


async def submit(sheet_id: UUID, version: int, caller: Caller, work: UnitOfWork) -> Sheet:
    """Hand the week in. Raises Forbidden, NotAllowed."""
    sheet = await repository.lock_sheet(work, sheet_id, version)
    count = await repository.count_lines(work, sheet)
    done, event = hours.submit(sheet, caller.employee, count, work.now)
    repository.save_sheet(work, done, submitted_at=work.now)
    await repository.move_lines(work, done)
    repository.note(work, done, "ingediend")
    work.publish(event)
    return done


async def approve(sheet_id: UUID, version: int, caller: Caller, work: UnitOfWork) -> Sheet:
    """Approve the week of somebody else. Raises Forbidden, NotAllowed."""
    sheet = await repository.lock_sheet(work, sheet_id, version)
    done, event = hours.approve(sheet, caller.employee, work.now)
    repository.save_sheet(work, done, decided_at=work.now, decided_by=work.actor)
    await repository.move_lines(work, done)
    repository.note(work, done, "goedgekeurd")
    work.publish(event)
    return done


async def reject(
    sheet_id: UUID, version: int, reason: str, caller: Caller, work: UnitOfWork
) -> Sheet:
    """Send the week back with a reason. Raises Forbidden, NotAllowed, Conflict."""
    sheet = await repository.lock_sheet(work, sheet_id, version)
    done = hours.reject(sheet, caller.employee, reason)
    repository.save_sheet(work, done, decided_at=work.now, decided_by=work.actor)
    await repository.move_lines(work, done)
    repository.note(work, done, "afgewezen", done.rejection)
    return done
