"""Week sheets, hour lines, cases and delivered products on the wire."""

from collections.abc import Iterable
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reporting.fields import Activity, Minutes, ProductCode, Reason, Week
from services.reporting.weeks.domain import State, week_of
from services.reporting.weeks.entry import Entry
from shared.db.rows import Row
from shared.http.schema import Day, Instant, Participant, Whole, Wire


class WeekIn(Wire, validate_by_name=False):
    """The week to open."""

    week: Week


class LineIn(Wire, validate_by_name=False):
    """One line; a case gives participant and product where they are left out."""

    work_date: Day
    minutes: Minutes
    product: ProductCode | None = None
    participant: Participant | None = None
    case_id: UUID | None = None
    activity: Activity | None = None

    def entry(self) -> Entry:
        return Entry(**dict(self))


class LinesIn(Wire, validate_by_name=False):
    """All ordinary lines of a week, in place of those that stand there."""

    lines: Annotated[tuple[LineIn, ...], Field(max_length=200)]


class ReasonIn(Wire, validate_by_name=False):
    """Why."""

    reason: Reason


class LineOut(Wire):
    """One hour line."""

    id: UUID
    week_id: UUID
    employee: UUID | None
    state: State
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
    def of(cls, row: Row, *, pseudonym: bool = True) -> "LineOut":
        """The line; without the pseudonym for those who do not work for the agency."""
        names = cls.model_fields.keys() - {"week_id", "employee"}
        return cls(
            week_id=row["sheet_id"],
            employee=row["employee"] if pseudonym else None,
            **{name: row[name] for name in names},
        )


class WeekOut(Wire):
    """A week sheet without its lines."""

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
    def of(cls, row: Row) -> "WeekOut":
        names = cls.model_fields.keys() - {"week", "monday"}
        monday = row["starts_on"]
        return cls(week=week_of(monday), monday=monday, **{name: row[name] for name in names})


class WeekLinesOut(WeekOut):
    """A week sheet with its lines."""

    lines: tuple[LineOut, ...]

    @classmethod
    def with_lines(cls, row: Row, lines: Iterable[Row]) -> "WeekLinesOut":
        facts = {name: getattr(WeekOut.of(row), name) for name in WeekOut.model_fields}
        return cls(**facts, lines=tuple(LineOut.of(line) for line in lines))
