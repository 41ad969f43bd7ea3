"""Week sheets, hour lines, cases and delivered products on the wire."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reporting.domain.hours import State, week_of
from services.reporting.handlers.entry import Entry
from services.reporting.schemas.common import Activity, Minutes, ProductCode, Reason, Week
from shared.db.rows import Row
from shared.http.schema import Day, Instant, Participant, Whole, Wire


class WeekIn(Wire):
    """The week to open."""

    week: Week


class LineIn(Wire):
    """One line; a case gives participant and product where they are left out."""

    work_date: Day
    minutes: Minutes
    product: ProductCode | None = None
    participant: Participant | None = None
    case_id: UUID | None = None
    activity: Activity | None = None

    def entry(self) -> Entry:
        return Entry(**dict(self))


class LinesIn(Wire):
    """All ordinary lines of a week, in place of those that stand there."""

    lines: Annotated[tuple[LineIn, ...], Field(max_length=200)]


class ReasonIn(Wire):
    """Why."""

    reason: Reason


class CorrectionIn(Wire):
    """What a closed line should have been; 0 takes it back."""

    minutes: Minutes
    reason: Reason


class MonthIn(Wire):
    """The month to close, by its first day."""

    month: Day


class MonthOut(Wire):
    """A closed month."""

    month: Day
    line_count: Whole
    minutes: Whole


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


class CaseOut(Wire):
    """Something one can book hours on."""

    id: UUID
    case_kind: str
    number: str
    qualifier: str
    participant: str | None
    location_id: UUID | None
    product: str | None
    product_name: str | None
    opened_on: Day | None
    closed_on: Day | None

    @classmethod
    def of(cls, row: Row) -> "CaseOut":
        names = cls.model_fields.keys() - {"case_kind"}
        return cls(case_kind=row["kind"], **{name: row[name] for name in names})


class DeliveryOut(Wire):
    """A product that an event counted as delivered."""

    id: UUID
    case_id: UUID
    case_kind: str
    case_number: str
    product: str
    product_name: str
    participant: str | None
    delivered_on: date
    quantity: Whole
    counting_event: str

    @classmethod
    def of(cls, row: Row) -> "DeliveryOut":
        names = cls.model_fields.keys() - {"case_id", "counting_event"}
        return cls(
            case_id=row["subject"],
            counting_event=row["event"],
            **{name: row[name] for name in names},
        )
