"""The week as a grid of fields: what is booked, what is suggested, and rows to add."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from services.reporting.weeks.domain import Sheet
from services.reporting.weeks.entry import Entry
from shared.db.rows import Row
from shared.errors import Invalid, InvalidParam
from shared.ui.forms import Form

FREE_ROWS = 2
MAX_ROWS = 60
# `vast` marks a row that is about something already; the others are for adding.
KEYS = ("product", "deelnemer", "zaak", "zaaknummer", "activiteit", "voorstel", "vast")
_CLOCK = re.compile(r"^(\d{1,2}):([0-5]\d)$", re.ASCII)
_HOURS = re.compile(r"^(\d{1,2})(?:[.,](\d{1,2}))?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: what it is about, and the text in its seven cells."""

    number: int
    free: bool
    facts: Mapping[str, str]
    cells: tuple[str, ...]
    minutes: int


@dataclass(slots=True)
class Read:
    """The entries of a posted grid, and which field each wire name stands in."""

    entries: list[Entry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    wrong: list[InvalidParam] = field(default_factory=list)


def minutes_in(text: str) -> int | None:
    """7:30, 7,5 or 7 as minutes; None for anything else."""
    if found := _CLOCK.match(text):
        return int(found[1]) * 60 + int(found[2])
    if found := _HOURS.match(text):
        return int(found[1]) * 60 + round(int((found[2] or "0").ljust(2, "0")) * 0.6)
    return None


def clock(minutes: int) -> str:
    """450 -> 7:30, as it is typed."""
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else ""


def fields_of(sheet: Sheet, lines: Sequence[Row], suggested: Sequence[Row]) -> dict[str, str]:
    """The fields of a sheet: its lines, then suggestions that are not among them."""
    drafts = _booked(sheet, lines)
    known = {draft.facts["zaak"] for draft in drafts}
    drafts += [_suggestion(case) for case in suggested if str(case["id"]) not in known]
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


def _booked(sheet: Sheet, lines: Sequence[Row]) -> list[Draft]:
    drafts: dict[tuple[Any, ...], Draft] = {}
    for line in lines:
        key = tuple(line[name] for name in ("product", "participant", "case_id", "activity"))
        facts = _facts(line, line["case_id"], line["case_number"], line["activity"], "")
        draft = drafts.setdefault(key, Draft(facts))
        day = (line["work_date"] - sheet.starts_on).days
        draft.minutes[day] = draft.minutes.get(day, 0) + line["minutes"]
    return list(drafts.values())


def _suggestion(case: Row) -> Draft:
    mine = "last_booked" in case
    why = "hier schreef u eerder op" if mine else "hier gebeurde deze week iets"
    return Draft(_facts(case, case["id"], case["number"], None, why))


def _facts(
    row: Row, case_id: UUID | None, number: str | None, activity: str | None, why: str
) -> dict[str, str]:
    values = (row["product"], row["participant"], case_id, number, activity, why, "ja")
    return {key: str(value or "") for key, value in zip(KEYS, values, strict=True)}


def rows_in(form: Form) -> list[GridRow]:
    """The rows of a grid as they were drawn or typed."""
    count = _count(form)
    rows = []
    for number in range(count):
        facts = {key: form.text(f"{key}-{number}") for key in KEYS}
        cells = tuple(form.text(f"uren-{number}-{day}") for day in range(7))
        minutes = sum(minutes_in(cell) or 0 for cell in cells)
        rows.append(GridRow(number, facts["vast"] != "ja", facts, cells, minutes))
    return rows


def _count(form: Form) -> int:
    text = form.text("rijen")
    return min(int(text), MAX_ROWS) if text.isascii() and text.isdecimal() else FREE_ROWS


def read(form: Form, days: Sequence[date], cases: Mapping[str, UUID]) -> Read:
    """The entries of a posted grid; `cases` gives the case of a number that was typed."""
    found = Read()
    for row in rows_in(form):
        for day, text in zip(days, row.cells, strict=True):
            if text:
                _take(found, row, day, text, cases)
    if found.wrong:
        raise Invalid("De weekstaat klopt nog niet.", params=tuple(found.wrong))
    return found


def _take(found: Read, row: GridRow, day: date, text: str, cases: Mapping[str, UUID]) -> None:
    cell = f"uren-{row.number}-{day.weekday()}"
    minutes = minutes_in(text)
    if minutes is None:
        why = f"Schrijf '{text[:20]}' als 7:30 of 7,5."
        found.wrong.append(InvalidParam(cell, "tijd", why))
        return
    case = row.facts["zaak"] or str(cases.get(row.facts["zaaknummer"].upper()) or "")
    if row.facts["zaaknummer"] and not case:
        why = f"Zaak {row.facts['zaaknummer'][:40]} is niet bekend. Controleer het nummer."
        found.wrong.append(InvalidParam(f"zaaknummer-{row.number}", "onbekend", why))
        return
    _name_fields(found, row, cell)
    found.entries.append(
        Entry(
            work_date=day,
            minutes=minutes,
            product=row.facts["product"] or None,
            participant=row.facts["deelnemer"] or None,
            case_id=_uuid(case),
            activity=row.facts["activiteit"] or None,
        )
    )


def _name_fields(found: Read, row: GridRow, cell: str) -> None:
    number = len(found.entries)
    about = {
        name: f"{name}-{row.number}" if row.free else cell for name in ("product", "deelnemer")
    }
    found.names |= {f"regels.{number}.{name}": name_of for name, name_of in about.items()}
    found.names |= {f"regels.{number}.{name}": cell for name in ("werkdatum", "minuten", "zaakId")}
    found.names.setdefault("regels", cell)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
