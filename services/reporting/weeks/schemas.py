"""Weekstaten en urenregels op de lijn."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reporting.fields import Activity, Minutes, ProductCode, Reason, Week
from services.reporting.weeks.commands import FillWeek, OpenWeek, RejectWeek
from services.reporting.weeks.domain import LineState, State, monday_of, week_of
from services.reporting.weeks.entry import Entry
from services.reporting.weeks.queries import LineRow, SheetRow, WeekDetail
from shared.http.schema import Day, Instant, Participant, Whole, Wire


class WeekIn(Wire, validate_by_name=False):
    """De week die wordt geopend."""

    week: Week

    def command(self) -> OpenWeek:
        return OpenWeek(monday_of(self.week))


class LineIn(Wire, validate_by_name=False):
    """Een regel; een zaak geeft deelnemer en product waar die ontbreken."""

    work_date: Day
    minutes: Minutes
    product: ProductCode | None = None
    participant: Participant | None = None
    case_id: UUID | None = None
    activity: Activity | None = None

    def entry(self) -> Entry:
        return Entry(**dict(self))


class LinesIn(Wire, validate_by_name=False):
    """Alle gewone regels van een week, in plaats van wat er staat."""

    lines: Annotated[tuple[LineIn, ...], Field(max_length=200)]

    def command(self, sheet_id: UUID, version: int) -> FillWeek:
        return FillWeek(sheet_id, version, [line.entry() for line in self.lines])


class ReasonIn(Wire, validate_by_name=False):
    """Waarom."""

    reason: Reason

    def command(self, sheet_id: UUID, version: int) -> RejectWeek:
        return RejectWeek(sheet_id, version, self.reason)


class LineOut(Wire):
    """Een urenregel."""

    id: UUID
    week_id: UUID
    employee: UUID | None
    state: LineState
    work_date: Day
    booked_on: Day
    minutes: Whole
    product: str
    product_name: str
    kind: str
    participant: str | None
    case_id: UUID | None
    case_number: str | None
    activity: str | None
    corrects: UUID | None
    reason: str | None
    settlement_id: UUID | None

    @classmethod
    def of(cls, row: LineRow, *, pseudonym: bool = True) -> "LineOut":
        """The line; without the pseudonym for those who do not work for the agency."""
        names = cls.model_fields.keys() - {"week_id", "employee"}
        return cls(
            week_id=row.sheet_id,
            employee=row.employee if pseudonym else None,
            **{name: getattr(row, name) for name in names},
        )


class Lines(Wire):
    """Urenregels."""

    results: tuple[LineOut, ...]


class WeekOut(Wire):
    """Een weekstaat zonder haar regels."""

    id: UUID
    version: Whole
    employee: UUID
    employee_name: str | None
    week: str
    monday: Day
    state: State
    minutes: Whole
    submitted_at: Instant | None
    decided_at: Instant | None
    rejection: str | None

    @classmethod
    def of(cls, row: SheetRow) -> "WeekOut":
        return cls(**_facts(row))


class Weeks(Wire):
    """Weekstaten."""

    results: tuple[WeekOut, ...]


class WeekLinesOut(WeekOut):
    """Een weekstaat met de regels die gelden; wat is teruggenomen staat bij de urenregels."""

    lines: tuple[LineOut, ...]

    @classmethod
    def of_detail(cls, week: WeekDetail) -> "WeekLinesOut":
        return cls(**_facts(week.sheet), lines=_lines(week.lines))


def _facts(row: SheetRow) -> dict[str, object]:
    facts = asdict(row)
    monday = facts.pop("starts_on")
    return {**facts, "week": week_of(monday), "monday": monday}


def _lines(rows: Sequence[LineRow]) -> tuple[LineOut, ...]:
    return tuple(LineOut.of(row) for row in rows)
