"""The week as a grid of fields: what is booked, what is suggested, and rows to add."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.reporting.presentation import clock
from services.reporting.weeks.domain import Sheet
from services.reporting.weeks.entry import Entry
from services.reporting.weeks.queries import CaseRow, LineRow
from shared.errors import Invalid, InvalidParam
from shared.ui import typed
from shared.ui.forms import Form

FREE_ROWS = 2
MAX_ROWS = 60
# `vast` marks a row that is about something already; the others are for adding.
KEYS = ("product", "deelnemer", "zaak", "zaaknummer", "activiteit", "voorstel", "vast")
# The fields of an entry that stand in the cell of its day, or with the row it is in.
IN_CELL = ("werkdatum", "minuten", "zaakId")
IN_ROW = ("product", "deelnemer", "zaaknummer")


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: what it is about, and the text in its seven cells."""

    number: int
    free: bool
    facts: Mapping[str, str]
    cells: tuple[str, ...]
    minutes: int


@dataclass(slots=True)
class Typed:
    """The entries of a posted grid, and which field each wire name stands in."""

    entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    wrong: list[InvalidParam] = field(default_factory=list)


def minutes_in(text: str) -> int | None:
    """7:30, 7,5 or 7 as minutes; None for anything else, or more than two days."""
    try:
        minutes = typed.minutes(text)
    except ValueError:
        return None
    return minutes if minutes < 100 * 60 else None


def fields_of(
    sheet: Sheet, lines: Sequence[LineRow], suggested: Sequence[CaseRow]
) -> dict[str, str]:
    """The fields of a sheet: its lines, then suggestions that are not among them."""
    drafts = _booked(sheet, lines)
    present = {draft.facts["zaak"] for draft in drafts}
    drafts += [_suggestion(case) for case in suggested if str(case.id) not in present]
    fields = {"rijen": str(len(drafts) + FREE_ROWS)}
    for number, draft in enumerate(drafts):
        fields |= {f"{name}-{number}": value for name, value in draft.facts.items()}
        fields |= {f"uren-{number}-{day}": clock(spent) for day, spent in draft.minutes.items()}
    return fields


@dataclass(slots=True)
class Draft:
    """A row before it has a number."""

    facts: dict[str, str]
    minutes: dict[int, int] = field(default_factory=dict)


def _booked(sheet: Sheet, lines: Sequence[LineRow]) -> list[Draft]:
    drafts: dict[tuple[Any, ...], Draft] = {}
    for line in lines:
        key = (line.product, line.participant, line.case_id, line.activity)
        facts = _facts(line, line.case_id, line.case_number, line.activity, "")
        draft = drafts.setdefault(key, Draft(facts))
        day = (line.work_date - sheet.starts_on).days
        draft.minutes[day] = draft.minutes.get(day, 0) + line.minutes
    return list(drafts.values())


def _suggestion(case: CaseRow) -> Draft:
    mine = case.last_booked is not None
    why = "hier schreef u eerder op" if mine else "hier gebeurde deze week iets"
    return Draft(_facts(case, case.id, case.number, None, why))


def _facts(
    row: LineRow | CaseRow, case_id: UUID | None, number: str | None, activity: str | None, why: str
) -> dict[str, str]:
    values = (row.product, row.participant, case_id, number, activity, why, "ja")
    return {key: str(value or "") for key, value in zip(KEYS, values, strict=True)}


def rows_in(form: Form) -> list[GridRow]:
    """The rows of a grid as they were drawn or typed."""
    rows = []
    for number in range(_count(form)):
        facts = {key: form.text(f"{key}-{number}") for key in KEYS}
        cells = tuple(form.text(f"uren-{number}-{day}") for day in range(7))
        minutes = sum(minutes_in(cell) or 0 for cell in cells)
        rows.append(GridRow(number, facts["vast"] != "ja", facts, cells, minutes))
    return rows


def _count(form: Form) -> int:
    text = form.text("rijen")
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdecimal() else FREE_ROWS


def read(form: Form, days: Sequence[date]) -> Typed:
    """What was typed in a posted grid, and what of it cannot be read as time."""
    read = Typed()
    for row in rows_in(form):
        for day, text in zip(days, row.cells, strict=True):
            if text:
                _take(read, row, day, text)
    return read


def require_readable(read: Typed) -> Sequence[Entry]:
    """The entries. Raises Invalid for a cell that is no time."""
    if read.wrong:
        raise Invalid("De weekstaat klopt nog niet.", params=tuple(read.wrong))
    return read.entries


def _take(read: Typed, row: GridRow, day: date, text: str) -> None:
    cell = f"uren-{row.number}-{day.weekday()}"
    minutes = minutes_in(text)
    if minutes is None:
        why = f"Schrijf '{text[:20]}' als 7:30 of 7,5."
        read.wrong.append(InvalidParam(cell, "tijd", why, as_sent=True))
        return
    case_id = _uuid(row.facts["zaak"])
    _name_fields(read, row, cell)
    read.entries.append(
        Entry(
            work_date=day,
            minutes=minutes,
            product=row.facts["product"] or None,
            participant=row.facts["deelnemer"] or None,
            case_id=case_id,
            case_number=None if case_id else row.facts["zaaknummer"] or None,
            activity=row.facts["activiteit"] or None,
        )
    )


def _name_fields(read: Typed, row: GridRow, cell: str) -> None:
    line = f"regels.{len(read.entries)}"
    read.names |= {f"{line}.{name}": cell for name in IN_CELL}
    for name in IN_ROW:
        read.names[f"{line}.{name}"] = f"{name}-{row.number}" if row.free else cell
    read.names.setdefault("regels", cell)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
