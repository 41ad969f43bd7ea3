"""What is known of a location: facts with their dates, as other services told them."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

YEAR, TWO_YEARS = 12, 24


def months_before(day: date, months: int) -> date:
    """The last day that lies so many whole months before: what came later is younger than that."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(earlier: date, later: date) -> int:
    """Whole months that passed; 0 when `later` is not later."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))


@dataclass(frozen=True, slots=True)
class Inspection:
    """An inspection that was carried out."""

    on: date
    number: str = ""
    reinspection: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """A violation, with its cell in the LHSO matrix once it was positioned."""

    on: date
    number: str = ""
    cell: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure that was imposed."""

    on: date
    instrument: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Complaint:
    """Complaints about the location of one day; justified is unknown until they are assessed."""

    on: date
    justified: bool | None = None
    closed: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a location."""

    activities: tuple[str, ...] = ()
    core: str | None = None
    inspections: tuple[Inspection, ...] = ()
    violations: tuple[Violation, ...] = ()
    measures: tuple[Measure, ...] = ()
    complaints: tuple[Complaint, ...] = ()

    @property
    def last_inspection(self) -> Inspection | None:
        """The newest inspection; None is never, which is not a good record."""
        return max(self.inspections, key=lambda seen: (seen.on, seen.number), default=None)


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """The complaints about a location, counted."""

    received_year: int
    received_two_years: int
    justified_year: int
    justified_two_years: int
    open: int


def figures(complaints: Sequence[Complaint], today: date) -> ComplaintFigures:
    """The complaints of the last 12 and 24 months, and those that are open."""
    return ComplaintFigures(
        received_year=received_within(complaints, YEAR, today),
        received_two_years=received_within(complaints, TWO_YEARS, today),
        justified_year=justified_within(complaints, YEAR, today),
        justified_two_years=justified_within(complaints, TWO_YEARS, today),
        open=sum(c.count for c in complaints if not c.closed),
    )


def received_within(complaints: Sequence[Complaint], months: int, today: date) -> int:
    """The complaints of the last so many months."""
    return sum(c.count for c in complaints if months_between(c.on, today) < months)


def justified_within(complaints: Sequence[Complaint], months: int, today: date) -> int:
    """The justified complaints of the last so many months."""
    return received_within([c for c in complaints if c.justified], months, today)
