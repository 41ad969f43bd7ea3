"""Indicators: always a numerator and a denominator, with the version of their definition."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple

from services.reporting.realisation.domain.plan import Ratio


class Definition(NamedTuple):
    """What an indicator is called, what it counts, and by which version of the definition."""

    name: str
    description: str
    version: str
    unit: str


DEFINITIONS: Final[Mapping[str, Definition]] = {
    "directe-uren": Definition(
        "Directe uren", "directe uren / alle uren zonder verlof en ziekte", "1", "minuten"
    ),
    "uren-op-zaak": Definition(
        "Uren op een zaak", "directe uren met zaak / directe uren", "1", "minuten"
    ),
    "uren-goedgekeurd": Definition(
        "Goedgekeurde uren", "goedgekeurde uren / geschreven uren", "1", "minuten"
    ),
    "begroting-besteed": Definition(
        "Besteding", "goedgekeurde uren / begrote uren van het jaar", "1", "minuten"
    ),
    "producten-geleverd": Definition(
        "Productie", "geleverd / begroot, van wat uit gebeurtenissen telt", "1", "aantal"
    ),
    "klachten-op-tijd": Definition(
        "Klachten op tijd", "binnen termijn afgehandeld / afgehandeld", "1", "aantal"
    ),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the agency ('') or of a participant."""

    code: str
    participant: str
    year: int
    measured_on: date
    ratio: Ratio

    @property
    def definition(self) -> Definition:
        """What it measures."""
        return DEFINITIONS[self.code]


@dataclass(frozen=True, slots=True)
class HourSums:
    """Minutes of a participant, or of the agency, by what is said of them."""

    direct: int = 0
    present: int = 0
    on_case: int = 0
    approved: int = 0
    charged: int = 0
    written: int = 0


@dataclass(frozen=True, slots=True)
class Sums:
    """Everything that indicators are made of, by participant; '' is the agency."""

    hours: Mapping[str, HourSums] = field(default_factory=dict)
    planned_minutes: Mapping[str, int] = field(default_factory=dict)
    planned_quantity: Mapping[str, int] = field(default_factory=dict)
    delivered: Mapping[str, int] = field(default_factory=dict)
    closed: Mapping[str, int] = field(default_factory=dict)
    in_time: Mapping[str, int] = field(default_factory=dict)


def indicators(sums: Sums, year: int, measured_on: date) -> list[Indicator]:
    """Every indicator, for the agency and each participant that has anything to count."""
    who = {"", *sums.hours, *sums.planned_minutes, *sums.delivered, *sums.closed}
    return [
        Indicator(code, each, year, measured_on, ratio)
        for each in sorted(who)
        for code, ratio in _ratios(each, sums)
    ]


def _ratios(who: str, sums: Sums) -> Iterator[tuple[str, Ratio]]:
    hours = sums.hours.get(who, HourSums())
    yield "uren-op-zaak", Ratio(hours.on_case, hours.direct)
    yield "uren-goedgekeurd", Ratio(hours.approved, hours.written)
    yield "begroting-besteed", Ratio(hours.charged, sums.planned_minutes.get(who, 0))
    delivered = sums.delivered.get(who, 0)
    yield "producten-geleverd", Ratio(delivered, sums.planned_quantity.get(who, 0))
    yield "klachten-op-tijd", Ratio(sums.in_time.get(who, 0), sums.closed.get(who, 0))
    if not who:
        yield "directe-uren", Ratio(hours.direct, hours.present)
