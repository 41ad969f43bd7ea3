"""Hours of another system: a line of each, in minutes, in hours or as 7:30."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from pydantic import Field
from sqlalchemy import text

from services.reporting.context import Ctx
from services.reporting.fields import Activity, ProductCode
from services.reporting.weeks import taking_over
from services.reporting.weeks.domain import DAY_MINUTES
from services.reporting.weeks.entry import Entry
from services.reporting.weeks.taking_over import CorrectHours, TakenLine, TakeOverHours
from shared.context import system_context
from shared.contracts.base import Participant
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused, conflict, invalid, unknown
from shared.http.schema import Text
from shared.imports import (
    IN_HOURS,
    TAKEN_OVER,
    ImportRow,
    ImportSpec,
    Rejection,
    beside,
    not_taken_over,
    reason_of,
    row_by_row,
)

HUNDREDTH: Final = Decimal("0.01")


class _Case(NamedTuple):
    source_key: str
    number: str


_CASES: Final = Query(
    _Case,
    text("""
        SELECT source_key, number FROM case_file
        WHERE source_key = ANY(CAST(:keys AS text[])) ORDER BY number
    """),
)


class HoursRow(ImportRow):
    """Time of one day on one thing, in minutes or in hours."""

    employee: Text
    work_date: date
    product: ProductCode | None = None
    minutes: int | None = Field(None, ge=0, le=DAY_MINUTES)
    hours: Annotated[Decimal | None, IN_HOURS] = Field(None, ge=0, le=24)
    participant: Participant | None = None
    case_number: Text | None = None
    # The key of the case in the same source.
    case_key: Text | None = None
    activity: Activity | None = None
    employee_name: Text | None = None

    def whole_minutes(self) -> int:
        """The minutes. Raises Invalid when they are not given, or not whole.

        As the grid reads it, 0,33 hours are the 20 minutes that are written so.
        """
        if self.minutes is not None and self.hours is not None:
            raise invalid("minutes", "dubbel", "Geef de minuten of de uren, niet allebei.")
        if self.minutes is not None:
            return self.minutes
        if self.hours is None:
            raise invalid("minutes", "verplicht", "Geef de minuten of de uren.")
        found = int((self.hours * 60).to_integral_value())
        if (Decimal(found) / 60).quantize(HUNDREDTH) != self.hours.quantize(HUNDREDTH):
            raise invalid("hours", "stap", "Vul hele minuten in, als 0,25 of 7:30.")
        return found

    def line(self, cases: Mapping[str, Sequence[str]]) -> TakenLine:
        """What the command takes, given the numbers of cases by key. Raises Invalid, Conflict."""
        booked = Entry(
            work_date=self.work_date,
            minutes=self.whole_minutes(),
            product=self.product,
            participant=self.participant,
            case_number=self._case(cases),
            activity=self.activity,
        )
        return TakenLine(self.source_key, self.employee, self.employee_name, booked)

    def _case(self, cases: Mapping[str, Sequence[str]]) -> str | None:
        """The number of the case. Raises Conflict for a key that names none, or several."""
        if self.case_key is None:
            return self.case_number
        found = cases.get(beside(self.source_key, self.case_key) or "", ())
        if not found:
            raise unknown("case_key", not_taken_over("zaak", self, self.case_key))
        if len(found) > 1:
            raise conflict("case_key", "dubbel", f"Geef het nummer: dit is {' en '.join(found)}.")
        if self.case_number not in {None, found[0]}:
            raise conflict("case_key", "andere-zaak", f"dit is zaak {found[0]}")
        return found[0]


async def store_rows(rows: Sequence[HoursRow], work: UnitOfWork) -> list[Rejection]:
    """Take over what is new, in bulk."""
    refused: dict[str, Refused] = {}
    lines: list[TakenLine] = []
    cases = await _cases(rows, work)
    for row in rows:
        try:
            lines.append(row.line(cases))
        except Refused as refusal:
            refused[row.source_key] = refusal
    if lines:
        refused |= await taking_over.take_over(TakeOverHours(lines), _ctx(rows[0], work))
    keys = [row.source_key for row in rows if row.source_key in refused]
    return [Rejection(key, reason_of(refused[key])) for key in keys]


async def correct_rows(rows: Sequence[HoursRow], work: UnitOfWork) -> list[Rejection]:
    """Book lines that the source changed, and take back those that were taken over."""
    cases = await _cases(rows, work)

    async def correct(row: HoursRow) -> None:
        await taking_over.correct(CorrectHours(row.line(cases)), _ctx(row, work))

    return await row_by_row(rows, work, correct)


async def _cases(rows: Sequence[HoursRow], work: UnitOfWork) -> dict[str, list[str]]:
    """The numbers of the cases that these rows name by the keys of their source."""
    keys = sorted({key for row in rows if (key := beside(row.source_key, row.case_key))})
    found = await work.all(_CASES, keys=keys) if keys else []
    named: dict[str, list[str]] = {}
    for case in found:
        named.setdefault(case.source_key, []).append(case.number)
    return named


def _ctx(row: HoursRow, work: UnitOfWork) -> Ctx:
    return system_context(work, None, name=TAKEN_OVER).importing(row.source)


IMPORT: Final = ImportSpec(
    kind="uren",
    row=HoursRow,
    store=store_rows,
    correct=correct_rows,
    correction="De oude regel blijft staan: een tegenregel neemt hem terug, en de nieuwe regel "
    "noemt hem. De geschiedenis van de weekstaat noemt allebei. Is de maand afgesloten, of is de "
    "regel hier al gewijzigd, dan wordt de regel geweigerd.",
)
