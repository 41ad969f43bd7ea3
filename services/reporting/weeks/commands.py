"""The week sheet: open it, fill it, hand it in, and have another judge it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from services.reporting.context import Ctx
from services.reporting.periods import locks
from services.reporting.prices.queries import parameter_on
from services.reporting.weeks import domain, queries, store
from services.reporting.weeks.domain import Line, Rules, Sheet, State
from services.reporting.weeks.entry import Entry, references, resolve
from services.reporting.weeks.queries import WeekDetail
from services.reporting.weeks.tables import hour_line
from shared.errors import Conflict, VersionConflict
from shared.product.roles import Scope

ORDINARY_STEP = 15


@dataclass(frozen=True, slots=True)
class OpenWeek:
    """An empty week sheet of one's own, by its Monday."""

    starts_on: date


@dataclass(frozen=True, slots=True)
class FillWeek:
    """The ordinary lines of a week, in place of those that stand there."""

    sheet_id: UUID
    version: int
    entries: Sequence[Entry]


@dataclass(frozen=True, slots=True)
class WriteWeek:
    """One's own week as it was typed, opened where it was not there (version 0)."""

    starts_on: date
    version: int
    entries: Sequence[Entry]
    submit: bool


@dataclass(frozen=True, slots=True)
class SubmitWeek:
    """Hand one's own week in."""

    sheet_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class ApproveWeek:
    """Approve the week of somebody else."""

    sheet_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class RejectWeek:
    """Send the week of somebody else back."""

    sheet_id: UUID
    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """Lines that correct a closed one, for the present week of their employee."""

    employee: UUID
    lines: tuple[Line, ...]
    case_number: str | None
    reason: str


async def open_week(command: OpenWeek, ctx: Ctx) -> WeekDetail:
    """Raises Forbidden, Conflict when it is there already."""
    _require_writer(ctx)
    sheet = blank(ctx.caller.employee, command.starts_on)
    if await store.find_sheet(ctx.work, sheet.id):
        raise Conflict(f"Uw weekstaat van {sheet.week} bestaat al.")
    store.new_sheet(ctx.work, sheet, ctx.caller.name)
    return await _detail(sheet, ctx)


async def fill(command: FillWeek, ctx: Ctx) -> WeekDetail:
    """Replace the lines of an open week. Raises Forbidden, NotFound, NotAllowed, Conflict."""
    _require_writer(ctx)
    sheet = await store.lock_sheet(ctx.work, command.sheet_id, command.version)
    return await _detail(await _fill(sheet, command.entries, ctx), ctx)


async def write(command: WriteWeek, ctx: Ctx) -> WeekDetail:
    """Fill one's own week and, when asked, hand it in.

    Raises Forbidden, VersionConflict, NotAllowed, Conflict.
    """
    _require_writer(ctx)
    sheet = await _own_week(command.starts_on, ctx)
    is_new = command.version == 0 and sheet.version == 1 and not sheet.minutes
    if command.version != sheet.version and not is_new:
        raise VersionConflict("Deze weekstaat", expected=command.version, found=sheet.version)
    filled = await _fill(sheet, command.entries, ctx)
    return await _detail(await _submit(filled, ctx) if command.submit else filled, ctx)


async def submit(command: SubmitWeek, ctx: Ctx) -> WeekDetail:
    """Raises Forbidden, NotFound, NotAllowed."""
    _require_writer(ctx)
    sheet = await store.lock_sheet(ctx.work, command.sheet_id, command.version)
    return await _detail(await _submit(sheet, ctx), ctx)


async def approve(command: ApproveWeek, ctx: Ctx) -> WeekDetail:
    """Raises Forbidden, NotFound, NotAllowed."""
    _require_approver(ctx)
    sheet = await store.lock_sheet(ctx.work, command.sheet_id, command.version)
    done, event = domain.approve(sheet, ctx.caller.employee, ctx.now)
    await _judged(done, "goedgekeurd", ctx)
    ctx.work.publish(event)
    return await _detail(done, ctx)


async def reject(command: RejectWeek, ctx: Ctx) -> WeekDetail:
    """Raises Forbidden, NotFound, NotAllowed, Conflict."""
    _require_approver(ctx)
    sheet = await store.lock_sheet(ctx.work, command.sheet_id, command.version)
    done = domain.reject(sheet, ctx.caller.employee, command.reason)
    await _judged(done, "afgewezen", ctx)
    return await _detail(done, ctx)


async def book_correction(command: Correction, ctx: Ctx) -> WeekDetail:
    """Book the lines in the present week of the employee; who may is settled by then.

    Raises NotAllowed once that week was handed in.
    """
    sheet = await _present_week(command.employee, ctx)
    number = command.case_number
    numbers = {line.case_id: number for line in command.lines if line.case_id and number}
    for line in command.lines:
        row = store.line_row(sheet, line, numbers)
        ctx.work.insert(hour_line, {**row, "reason": command.reason})
    minutes = sheet.minutes + sum(line.minutes for line in command.lines)
    booked = replace(sheet, version=sheet.version + 1, minutes=minutes)
    store.save_sheet(ctx.work, booked)
    store.note(ctx.work, booked, "gecorrigeerd", command.reason)
    return await _detail(booked, ctx)


async def entry_rules(ctx: Ctx) -> Rules:
    """The rules of entry of today; read after the months were locked."""
    step = await parameter_on(ctx.rows, "urenstap", ctx.today)
    minutes = step["minuten"] if step else ORDINARY_STEP
    return Rules(step=minutes, closed_until=await locks.closed_until(ctx.rows))


def blank(employee: UUID, starts_on: date) -> Sheet:
    """An empty week sheet."""
    identity = domain.sheet_id(employee, starts_on)
    return Sheet(identity, employee, starts_on, State.OPEN, version=1)


def _require_writer(ctx: Ctx) -> None:
    ctx.require(Scope.HOURS_WRITE)
    ctx.require_agency()


def _require_approver(ctx: Ctx) -> None:
    ctx.require(Scope.HOURS_APPROVE)
    ctx.require_agency()


async def _own_week(starts_on: date, ctx: Ctx) -> Sheet:
    """The week sheet of one's own, locked; opened when it was not there."""
    sheet = blank(ctx.caller.employee, starts_on)
    if await store.find_sheet(ctx.work, sheet.id) is None:
        await locks.share(ctx.work, [sheet.days[0], sheet.days[-1]])
        store.new_sheet(ctx.work, sheet, ctx.caller.name)
        await ctx.work.flush()
        return sheet
    return await store.lock_sheet(ctx.work, sheet.id)


async def _present_week(employee: UUID, ctx: Ctx) -> Sheet:
    sheet = blank(employee, ctx.today - timedelta(days=ctx.today.weekday()))
    if await store.find_sheet(ctx.work, sheet.id) is None:
        store.new_sheet(ctx.work, sheet, None)
        await ctx.work.flush()
        return sheet
    stored = await store.lock_sheet(ctx.work, sheet.id)
    domain.require_editable(stored)
    return stored


async def _fill(sheet: Sheet, entries: Sequence[Entry], ctx: Ctx) -> Sheet:
    domain.require_own(sheet, ctx.caller.employee)
    domain.require_editable(sheet)
    about = await references(ctx.rows, entries)
    lines = resolve(entries, about)
    domain.check_lines(sheet, lines, await entry_rules(ctx), ctx.today)
    minutes = await store.replace_lines(ctx.work, sheet, lines, about.numbers)
    filled = replace(sheet, version=sheet.version + 1, minutes=minutes)
    store.save_sheet(ctx.work, filled)
    store.keep_name(ctx.work, ctx.caller.employee, ctx.caller.name)
    await ctx.work.flush()
    return filled


async def _submit(sheet: Sheet, ctx: Ctx) -> Sheet:
    count = await store.count_lines(ctx.work, sheet)
    done, event = domain.submit(sheet, ctx.caller.employee, count, ctx.now)
    store.save_sheet(ctx.work, done, submitted_at=ctx.now)
    await store.move_lines(ctx.work, done)
    store.note(ctx.work, done, "ingediend")
    ctx.work.publish(event)
    return done


async def _judged(sheet: Sheet, action: str, ctx: Ctx) -> None:
    store.save_sheet(ctx.work, sheet, decided_at=ctx.now, decided_by=ctx.work.actor)
    await store.move_lines(ctx.work, sheet)
    store.note(ctx.work, sheet, action, sheet.rejection)


async def _detail(sheet: Sheet, ctx: Ctx) -> WeekDetail:
    await ctx.work.flush()
    return await queries.detail(ctx.rows, sheet.id)
