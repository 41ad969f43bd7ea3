"""Hours that were booked and judged in another system: many lines at once, by the rules of entry.

A week that is over is approved, the running one stays open. The step of entry is of those who type
here; that another approved it, and that a case may be heard of later, holds for these alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.context import Ctx
from services.reporting.periods import locks
from services.reporting.weeks import domain, entry, store
from services.reporting.weeks.commands import blank
from services.reporting.weeks.domain import (
    COUNTED,
    DAY_MINUTES,
    Line,
    LineState,
    Rules,
    Sheet,
    State,
)
from services.reporting.weeks.entry import Entry, References
from services.reporting.weeks.tables import employee, hour_line, week_sheet
from shared.db.query import Query
from shared.errors import Conflict, InvalidParam, NotAllowed, Refused
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class TakenLine:
    """One line of an employee of the other system, under its key there."""

    source_key: str
    subject: str
    name: str | None
    entry: Entry


@dataclass(frozen=True, slots=True)
class TakeOverHours:
    """Lines that were judged elsewhere."""

    lines: Sequence[TakenLine]


@dataclass(frozen=True, slots=True)
class CorrectHours:
    """What a line that was taken over should be, by the system it comes from."""

    line: TakenLine


class KeptLine(NamedTuple):
    """What stands of a line that was taken over: itself, or what last came in its place."""

    id: UUID
    sheet_id: UUID
    work_date: date
    booked_on: date
    state: LineState
    minutes: int
    product: str
    participant: str | None
    case_number: str | None
    activity: str | None

    @property
    def said(self) -> str:
        """The line in one phrase, for the history."""
        parts = (f"{self.minutes} minuten", self.product, self.participant, self.case_number)
        return " ".join(filter(None, (*parts, self.activity, f"op {self.work_date:%d-%m-%Y}")))


class _Booked(NamedTuple):
    sheet_id: UUID
    work_date: date
    minutes: int


_STORED_KEYS = Query(
    str, text("SELECT source_key FROM hour_line WHERE source_key = ANY(CAST(:keys AS text[]))")
)
_BOOKED = Query(
    _Booked,
    text("""
        SELECT sheet_id, work_date, sum(minutes)::int AS minutes FROM hour_line
        WHERE sheet_id = ANY(CAST(:sheets AS uuid[])) AND booked_on = work_date
        GROUP BY sheet_id, work_date
    """),
)
# A line keeps the key of its source; what came in its place names it in `corrects`.
_STANDS = Query(
    KeptLine,
    text("""
        WITH RECURSIVE placed AS (
            SELECT 0 AS turn, l.* FROM hour_line l WHERE l.source_key = :key
            UNION ALL
            SELECT p.turn + 1, n.* FROM placed p JOIN hour_line n ON n.corrects = p.id
            WHERE n.minutes > 0)
        SELECT id, sheet_id, work_date, booked_on, state, minutes, product, participant,
               case_number, activity
        FROM placed ORDER BY turn DESC LIMIT 1
    """),
)
CHANGED_THERE = "Gewijzigd in het andere systeem"


async def take_over(command: TakeOverHours, ctx: Ctx) -> dict[str, Refused]:
    """Book what is new; gives why a line was refused, by its key. Raises Forbidden."""
    ctx.require(Scope.HOURS_WRITE)
    ctx.require_agency()
    keys = [line.source_key for line in command.lines]
    stored = set(await ctx.rows.all(_STORED_KEYS, keys=keys))
    new = [line for line in command.lines if line.source_key not in stored]
    return await _book(new, ctx) if new else {}


async def correct(command: CorrectHours, ctx: Ctx) -> None:
    """Take back the line under its key, and book what it should be in its place.

    A row that changed in nothing that the line says leaves it. Raises Refused once its month was
    closed, or when it was changed here.
    """
    ctx.require(Scope.HOURS_WRITE)
    ctx.require_agency()
    before, sheet = await _lock_standing(command.line.source_key, ctx)
    if await _says_the_same(command.line, before, ctx):
        _keep_employee(command.line.subject, command.line.name, ctx)
        return
    _require_correctable(before, sheet, ctx)
    await store.take_back(ctx.work, [before.id], CHANGED_THERE)
    left = replace(sheet, version=sheet.version + 1, minutes=sheet.minutes - before.minutes)
    store.save_sheet(ctx.work, left)
    await ctx.work.flush()
    refused = await _book([command.line], ctx, corrects=before.id)
    if refused:
        raise refused[command.line.source_key]
    after = await _standing(command.line.source_key, ctx)
    store.note(ctx.work, left, "gecorrigeerd", f"was {before.said}, is {after.said}")
    if after.sheet_id != left.id and left.state is State.APPROVED:
        ctx.work.publish(domain.approved(left, ctx.now))


async def _standing(key: str, ctx: Ctx) -> KeptLine:
    return await ctx.work.one(_STANDS, "Deze urenregel", key=key)


async def _lock_standing(key: str, ctx: Ctx) -> tuple[KeptLine, Sheet]:
    """The line and its sheet, locked: months and sheet first, as everybody does."""
    found = await _standing(key, ctx)
    sheet = await store.lock_sheet(ctx.work, found.sheet_id)
    locked = await _standing(key, ctx)
    if locked.sheet_id != sheet.id:
        raise Conflict("Deze urenregel werd intussen gewijzigd; probeer het opnieuw.")
    return locked, sheet


async def _says_the_same(taken: TakenLine, before: KeptLine, ctx: Ctx) -> bool:
    about = await entry.references(ctx.rows, [taken.entry])
    line, _ = entry.resolve_one(taken.entry, about, waits=True)
    return before == before._replace(
        sheet_id=_sheet_of(taken).id,
        work_date=line.work_date,
        minutes=line.minutes,
        product=line.product,
        participant=line.participant,
        case_number=_number_of(taken, about),
        activity=line.activity,
    )


def _number_of(taken: TakenLine, about: References) -> str | None:
    """The number of the case, also of one that was not told yet."""
    case = about.case_of(taken.entry)
    return case.number if case else taken.entry.case_number


def _require_correctable(before: KeptLine, sheet: Sheet, ctx: Ctx) -> None:
    if before.state in {LineState.CLOSED, LineState.SETTLED}:
        raise NotAllowed(
            f"De maand van deze regel ({before.said}) is afgesloten; maak een correctie",
            article="maandafsluiting",
        )
    if before.state is LineState.TAKEN_BACK or before.booked_on != before.work_date:
        raise NotAllowed(
            f"Deze regel ({before.said}) is hier al gewijzigd; pas hem aan in de weekstaat",
            article="urenregels",
        )
    if not _takes(sheet, ctx.today):
        domain.require_editable(sheet)


async def _book(
    lines: Sequence[TakenLine], ctx: Ctx, *, corrects: UUID | None = None
) -> dict[str, Refused]:
    sheets = {sheet.id: sheet for sheet in map(_sheet_of, lines)}
    stored = {each.id: each for each in await store.lock_sheets(ctx.work, list(sheets.values()))}
    batch = _Batch(
        about=await entry.references(ctx.rows, [line.entry for line in lines]),
        rules=Rules(step=1, closed_until=await locks.closed_until(ctx.rows)),
        stored=stored,
        booked={
            (row.sheet_id, row.work_date): row.minutes
            for row in await ctx.rows.all(_BOOKED, sheets=sorted(stored))
        },
        today=ctx.today,
    )
    refused: dict[str, Refused] = {}
    good: list[tuple[TakenLine, Sheet, Line]] = []
    for taken in lines:
        sheet = stored.get(_sheet_of(taken).id) or _sheet_of(taken)
        try:
            good.append((taken, sheet, batch.line(taken, sheet)))
        except Refused as refusal:
            refused[taken.source_key] = refusal
    _keep(good, batch, ctx, corrects)
    return refused


@dataclass(frozen=True, slots=True)
class _Batch:
    """What the lines of a batch refer to, and how full the days are with those before them."""

    about: References
    rules: Rules
    stored: Mapping[UUID, Sheet]
    booked: dict[tuple[UUID, date], int]
    today: date

    def line(self, taken: TakenLine, sheet: Sheet) -> Line:
        """The line as it will be stored. Raises Refused."""
        line, faults = entry.resolve_one(taken.entry, self.about, waits=True)
        wrong = [InvalidParam(name, *why) for name, why in faults.items()]
        if not wrong:
            found = domain.faults_of(sheet, line, self.rules, self.today)
            wrong = [InvalidParam(*fault) for fault in found]
        total = self.booked.get((sheet.id, line.work_date), 0) + line.minutes
        if total > DAY_MINUTES:
            wrong.append(domain.full_day("minutes", line.work_date))
        if wrong:
            raise Conflict(wrong[0].reason, params=tuple(wrong))
        if sheet.id in self.stored and not _takes(sheet, self.today):
            domain.require_editable(sheet)
        self.booked[sheet.id, line.work_date] = total
        return line


def _takes(sheet: Sheet, today: date) -> bool:
    """Whether a sheet that is there may grow: an approved one, or the open one of this week."""
    return sheet.state in COUNTED or (sheet.state is State.OPEN and not _is_over(sheet, today))


def _is_over(sheet: Sheet, today: date) -> bool:
    return sheet.days[-1] < today


def _sheet_of(line: TakenLine) -> Sheet:
    return _week(line.subject, line.entry.work_date)


@lru_cache(maxsize=65536)
def _week(subject: str, day: date) -> Sheet:
    return blank(domain.pseudonym(subject), day - timedelta(days=day.weekday()))


def _keep(
    good: Sequence[tuple[TakenLine, Sheet, Line]],
    batch: _Batch,
    ctx: Ctx,
    corrects: UUID | None,
) -> None:
    sheets: dict[UUID, Sheet] = {}
    reason = CHANGED_THERE if corrects else None
    for taken, sheet, line in good:
        grown = sheets.get(sheet.id) or _grown(sheet, ctx.today, stored=sheet.id in batch.stored)
        sheets[sheet.id] = replace(grown, minutes=grown.minutes + line.minutes)
        kept = {
            **store.line_row(grown, line, {}),
            "case_number": _number_of(taken, batch.about),
            "corrects": corrects,
            "reason": reason,
            # The key stays with the line that it came with.
            "source_key": None if corrects else taken.source_key,
        }
        ctx.work.insert(hour_line, kept)
    for subject, name in {taken.subject: taken.name for taken, _, _ in good}.items():
        _keep_employee(subject, name, ctx)
    for sheet in sheets.values():
        _keep_sheet(sheet, ctx, stored=sheet.id in batch.stored)


def _grown(sheet: Sheet, today: date, *, stored: bool) -> Sheet:
    """The sheet as it will be: a week that is over is approved, the running one stays open."""
    if not stored:
        return replace(sheet, state=State.APPROVED if _is_over(sheet, today) else State.OPEN)
    state = State.OPEN if sheet.state is State.OPEN else State.APPROVED
    return replace(sheet, state=state, version=sheet.version + 1)


def _keep_employee(subject: str, name: str | None, ctx: Ctx) -> None:
    row = {"id": domain.pseudonym(subject), "name": name}
    if name:
        ctx.work.upsert(employee, row, keys=("id",))
    else:
        ctx.work.insert(employee, row, ignore=True)


def _keep_sheet(sheet: Sheet, ctx: Ctx, *, stored: bool) -> None:
    if stored:
        store.save_sheet(ctx.work, sheet)
    else:
        decided = ctx.now if sheet.state is State.APPROVED else None
        ctx.work.insert(
            week_sheet,
            {
                "id": sheet.id,
                "version": sheet.version,
                "employee": sheet.employee,
                "starts_on": sheet.starts_on,
                "state": sheet.state,
                "minutes": sheet.minutes,
                "created_at": ctx.now,
                "submitted_at": decided,
                "decided_at": decided,
                "decided_by": ctx.work.actor if decided else None,
            },
        )
    store.note(ctx.work, sheet, "overgenomen")
    if sheet.state is State.APPROVED:
        ctx.work.publish(domain.approved(sheet, ctx.now))
