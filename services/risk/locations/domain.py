"""What is known of a location: facts with their dates, as other services told them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

YEAR, TWO_YEARS = 12, 24


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
    """A complaint about the location; justified is unknown until it was assessed."""

    on: date
    justified: bool | None = None
    closed: bool = False


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
    ages = [(months_between(c.on, today), c) for c in complaints]
    justified = [age for age, c in ages if c.justified]
    return ComplaintFigures(
        received_year=sum(age < YEAR for age, _ in ages),
        received_two_years=sum(age < TWO_YEARS for age, _ in ages),
        justified_year=sum(age < YEAR for age in justified),
        justified_two_years=sum(age < TWO_YEARS for age in justified),
        open=sum(not c.closed for c in complaints),
    )


def justified_within(complaints: Sequence[Complaint], months: int, today: date) -> int:
    """The justified complaints of the last so many months."""
    return sum(bool(c.justified) and months_between(c.on, today) < months for c in complaints)
