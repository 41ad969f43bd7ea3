"""One inspection as another system kept it, and what is known beside it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from pydantic import Field

from services.enforcement.inspections.domain import Finding, Inspection
from services.enforcement.locations.queries import LocationRow
from services.enforcement.measures.domain.measure import Measure
from services.enforcement.measures.domain.terms import Term
from services.enforcement.policy.domain.matrix import Matrix
from services.enforcement.policy.queries import TopicRow
from services.enforcement.violations.domain import Position, Violation
from shared.contracts.base import Behaviour, Consequence, Event
from shared.contracts.enforcement import InspectionKind, Instrument
from shared.imports import ImportRow

TAKEN_OVER: Final = "Overgenomen uit een ander systeem"
OTHER: Final = "overig"
NOTE_LENGTH: Final = 2000


class InspectionRow(ImportRow):
    """An inspection as another system kept it, with the violation and the measure if any."""

    location_number: str
    kind: InspectionKind = InspectionKind.PERIODIC
    planned_on: date | None = None
    completed_on: date | None = None
    inspector: str | None = None
    nature: str | None = Field(None, max_length=NOTE_LENGTH)
    rule: str | None = Field(None, max_length=255)
    consequence: Consequence | None = None
    behaviour: Behaviour | None = None
    instrument: Instrument | None = None
    imposed_on: date | None = None
    amount: Decimal | None = Field(None, gt=0, max_digits=14, decimal_places=2)
    maximum: Decimal | None = Field(None, gt=0, max_digits=14, decimal_places=2)
    term_days: int | None = Field(None, ge=0, le=730)
    resolved_on: date | None = None


@dataclass(slots=True)
class Batch:
    """What is stored already, and what this batch adds: the last violation at each location."""

    keys: set[str]
    locations: dict[str, LocationRow]
    topics: list[TopicRow]
    matrix: Matrix
    last: dict[UUID, Violation]
    today: date


@dataclass(slots=True)
class Converted:
    """One row as it will be stored, once all of it is found to be right."""

    inspection: Inspection
    findings: list[Finding] = field(default_factory=list)
    violation: Violation | None = None
    position: Position | None = None
    measure: Measure | None = None
    terms: tuple[Term, ...] = ()
    events: list[Event] = field(default_factory=list)


def recognised(nature: str, topics: Iterable[TopicRow]) -> str:
    """The topic whose code, name or one of whose words the other system used."""
    text = nature.strip().lower()
    choices = list(topics)
    for each in choices:
        if text in {each.code, each.name.lower()}:
            return each.code
    return next((t.code for t in choices if any(word in text for word in t.words)), OTHER)
