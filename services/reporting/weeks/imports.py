"""Hours of another system, in bulk: weeks that are over as approved, the running week as open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.periods import locks
from services.reporting.weeks import domain, store
from services.reporting.weeks.commands import blank
from services.reporting.weeks.domain import COUNTED, DAY_MINUTES, Line, ProductKind, Sheet, State
from services.reporting.weeks.entry import CaseRow
from services.reporting.weeks.tables import employee, hour_line, week_sheet
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.imports import ImportRow, Rejection


class Product(NamedTuple):
    """A product, and how its hours reach a participant."""

    code: str
    kind: ProductKind


_STORED_KEYS = Query(
    str, text("SELECT source_key FROM hour_line WHERE source_key = ANY(CAST(:keys AS text[]))")
)
_PRODUCTS = Query(Product, text("SELECT code, kind FROM product"))
_PARTICIPANTS = Query(str, text("SELECT code FROM participant"))
_CASES = Query(
    CaseRow,
    text("""
        SELECT id, number, participant, product FROM case_file
        WHERE upper(number) = ANY(CAST(:numbers AS text[]))
    """),
)


class HoursRow(ImportRow):
    """Time of one day on one thing, in minutes or in hours."""

    employee: str
    work_date: date
    product: str | None = None
    minutes: int | None = None
    hours: Decimal | None = None
    participant: str | None = None
    case_number: str | None = None
    activity: str | None = None
    employee_name: str | None = None

    @property
    def whole_minutes(self) -> int | None:
        """The minutes, or None when they are not whole or not given."""
        if self.minutes is not None:
            return self.minutes
        found = self.hours * 60 if self.hours is not None else Decimal("0.5")
        return int(found) if found == found.to_integral_value() else None


@dataclass(frozen=True, slots=True)
class References:
    """What the rows of a batch refer to."""

    products: Mapping[str, ProductKind]
    participants: frozenset[str]
    cases: Mapping[str, CaseRow]
    sheets: Mapping[UUID, Sheet]
    closed_until: date | None
    today: date

    def case(self, row: HoursRow) -> CaseRow | None:
        """The case of a row, when it was heard of."""
        return self.cases.get((row.case_number or "").upper())

    def product(self, row: HoursRow) -> str | None:
        """The product of a row, or of its case."""
        case = self.case(row)
        return row.product or (case.product if case else None)

    def participant(self, row: HoursRow) -> str | None:
        """The participant of a row, or of its case."""
        case = self.case(row)
        return row.participant or (case.participant if case else None)


async def store_rows(rows: Sequence[HoursRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch as approved hours; what is there already is left as it is."""
    stored = set(await work.all(_STORED_KEYS, keys=[row.source_key for row in rows]))
    new = [row for row in rows if row.source_key not in stored]
    about = await _references(new, work)
    faults = [(row, _fault(row, about)) for row in new]
    good = [row for row, fault in faults if fault is None]
    _keep(good, about, work)
    return [Rejection(row.source_key, fault) for row, fault in faults if fault is not None]


async def _references(rows: Sequence[HoursRow], work: UnitOfWork) -> References:
    numbers = sorted({row.case_number.upper() for row in rows if row.case_number})
    cases = await work.all(_CASES, numbers=numbers) if numbers else []
    sheets = {sheet.id: sheet for sheet in map(_sheet_of, rows)}
    stored = await store.lock_sheets(work, list(sheets.values()))
    return References(
        products={row.code: row.kind for row in await work.all(_PRODUCTS)},
        participants=frozenset(await work.all(_PARTICIPANTS)),
        cases={case.number.upper(): case for case in cases},
        sheets={sheet.id: sheet for sheet in stored},
        closed_until=await locks.closed_until(work),
        today=work.today,
    )


def _sheet_of(row: HoursRow) -> Sheet:
    return _week(row.employee, row.work_date)


@lru_cache(maxsize=65536)
def _week(subject: str, day: date) -> Sheet:
    return blank(domain.pseudonym(subject), day - timedelta(days=day.weekday()))


def _fault(row: HoursRow, about: References) -> str | None:
    return _fault_of_time(row, about) or _fault_of_product(row, about)


def _fault_of_time(row: HoursRow, about: References) -> str | None:
    minutes = row.whole_minutes
    if minutes is None or not 0 < minutes <= DAY_MINUTES:
        return "minuten of uren: vul hele minuten in, meer dan 0 en ten hoogste 24 uur"
    if row.work_date > about.today:
        return "werkdatum ligt in de toekomst"
    if about.closed_until is not None and row.work_date <= about.closed_until:
        return "de maand van de werkdatum is afgesloten"
    sheet = about.sheets.get(_sheet_of(row).id)
    if sheet and not _takes(sheet, about.today):
        return f"de weekstaat van {sheet.week} is hier {sheet.state}"
    return None


def _is_over(sheet: Sheet, today: date) -> bool:
    return sheet.days[-1] < today


def _takes(sheet: Sheet, today: date) -> bool:
    """Whether a sheet that is there may grow: an approved one, or the open one of this week."""
    return sheet.state in COUNTED or (sheet.state is State.OPEN and not _is_over(sheet, today))


def _fault_of_product(row: HoursRow, about: References) -> str | None:
    product = about.product(row)
    kind = about.products.get(product or "")
    participant = about.participant(row)
    if kind is None:
        return f"product '{product or ''}' staat niet in de catalogus"
    if kind is ProductKind.DIRECT and participant is None:
        return "deelnemer ontbreekt"
    if kind is not ProductKind.DIRECT and row.participant is not None:
        return f"product {product} wordt niet per deelnemer geboekt"
    if participant is not None and participant not in about.participants:
        return f"deelnemer '{participant}' is geen deelnemer van de dienst"
    return None


def _keep(rows: Sequence[HoursRow], about: References, work: UnitOfWork) -> None:
    added: dict[UUID, int] = {}
    sheets: dict[UUID, Sheet] = {}
    for row in rows:
        sheet = _sheet_of(row)
        if sheet.id not in sheets:
            sheets[sheet.id] = _grown(about.sheets.get(sheet.id), sheet, about.today)
        sheet = sheets[sheet.id]
        added[sheet.id] = added.get(sheet.id, 0) + (row.whole_minutes or 0)
        work.insert(hour_line, _line(row, sheet, about))
    for name in {row.employee: row.employee_name for row in rows}.items():
        _keep_employee(*name, work)
    for sheet in sheets.values():
        kept = replace(sheet, minutes=sheet.minutes + added[sheet.id])
        _keep_sheet(kept, sheet.id in about.sheets, work)


def _grown(stored: Sheet | None, sheet: Sheet, today: date) -> Sheet:
    """The sheet as it will be: a week that is over is approved, the running one stays open."""
    if stored is None:
        return replace(sheet, state=State.APPROVED if _is_over(sheet, today) else State.OPEN)
    state = State.OPEN if stored.state is State.OPEN else State.APPROVED
    return replace(stored, state=state, version=stored.version + 1)


def _keep_employee(subject: str, name: str | None, work: UnitOfWork) -> None:
    row = {"id": domain.pseudonym(subject), "name": name}
    if name:
        work.upsert(employee, row, keys=("id",))
    else:
        work.insert(employee, row, ignore=True)


def _keep_sheet(sheet: Sheet, stored: bool, work: UnitOfWork) -> None:
    if stored:
        store.save_sheet(work, sheet)
    else:
        work.insert(week_sheet, _row(sheet, work))
    store.note(work, sheet, "overgenomen")
    if sheet.state is State.APPROVED:
        work.publish(domain.approved(sheet, work.now))


def _row(sheet: Sheet, work: UnitOfWork) -> dict[str, Any]:
    decided = work.now if sheet.state is State.APPROVED else None
    return {
        "id": sheet.id,
        "version": sheet.version,
        "employee": sheet.employee,
        "starts_on": sheet.starts_on,
        "state": sheet.state,
        "minutes": sheet.minutes,
        "created_at": work.now,
        "submitted_at": decided,
        "decided_at": decided,
        "decided_by": work.actor if decided else None,
    }


def _line(row: HoursRow, sheet: Sheet, about: References) -> dict[str, Any]:
    product = about.product(row) or ""
    kind = about.products[product]
    case = about.case(row)
    line = Line(
        id=new_id(),
        work_date=row.work_date,
        booked_on=row.work_date,
        minutes=row.whole_minutes or 0,
        product=product,
        participant=about.participant(row) if kind is ProductKind.DIRECT else None,
        case_id=case.id if case else None,
        activity=row.activity,
        kind=kind,
    )
    return {
        **store.line_row(sheet, line, {}),
        "case_number": row.case_number,
        "source_key": row.source_key,
    }
