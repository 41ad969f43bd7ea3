"""What is known here of what rows name: their locations, topics, and what was taken over before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Date, Uuid, bindparam, or_, select

from services.enforcement.imports.rows import InspectionRow
from services.enforcement.inspections.domain import Inspection
from services.enforcement.locations.queries import LocationRow
from services.enforcement.measures.domain.measure import Measure
from services.enforcement.policy.queries import TopicRow
from services.enforcement.tables import inspection, location, measure, topic, violation
from services.enforcement.violations.domain import Violation
from shared.db.filters import equals, one_of
from shared.db.query import Query, present
from shared.db.rows import Rows
from shared.db.values import columns_of
from shared.errors import conflict, unknown
from shared.imports import beside, not_taken_over

OTHER: Final = "overig"
NO_LOCATION: Final = "Geef het nummer van de locatie, of haar sleutel in de bron."

_STORED: Final = Query(
    str,
    select(present(inspection.c.source_key)).where(one_of(inspection.c.source_key, "keys")),
)
_LOCATIONS: Final = Query(
    LocationRow,
    select(*columns_of(LocationRow, location)).where(
        or_(one_of(location.c.number, "numbers"), one_of(location.c.source_key, "keys"))
    ),
)
_TOPICS: Final = Query(TopicRow, select(*columns_of(TopicRow, topic)).order_by(topic.c.position))
_INSPECTION: Final = Query(
    Inspection,
    select(*columns_of(Inspection, inspection)).where(equals(inspection.c.source_key, "key")),
)
_VIOLATION: Final = select(*columns_of(Violation, violation))
_FOUND_BY: Final = Query(
    Violation, _VIOLATION.where(equals(violation.c.inspection_id, "inspection_id"))
)
_FOUND_UNDER: Final = Query(
    Violation,
    _VIOLATION.join(inspection, inspection.c.id == violation.c.inspection_id).where(
        equals(inspection.c.source_key, "key")
    ),
)
_LAST_AT: Final = Query(
    Violation,
    _VIOLATION.where(
        violation.c.location_id == bindparam("location_id", type_=Uuid),
        violation.c.established_on <= bindparam("on", type_=Date),
    )
    .order_by(violation.c.established_on.desc(), violation.c.id.desc())
    .limit(1),
)
_MEASURE: Final = Query(
    Measure,
    select(*columns_of(Measure, measure))
    .where(equals(measure.c.violation_id, "violation_id"))
    .order_by(measure.c.chosen_on, measure.c.id)
    .limit(1),
)


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of a batch refer to."""

    keys: frozenset[str]
    locations: dict[str, LocationRow]
    topics: Sequence[TopicRow]

    def location(self, row: InspectionRow) -> LocationRow:
        """Where it was. Raises Conflict for a location that is not known here."""
        if row.location_key:
            found = self.locations.get(beside(row.source_key, row.location_key) or "")
            if found is None:
                raise unknown("location_key", not_taken_over("locatie", row, row.location_key))
            if row.location_number not in {None, found.number}:
                raise conflict("location_key", "andere-locatie", f"dit is locatie {found.number}")
            return found
        if not row.location_number:
            raise conflict("location_number", "verplicht", NO_LOCATION)
        found = self.locations.get(row.location_number)
        if found is None:
            raise unknown("location_number", f"locatie {row.location_number} is niet bekend")
        return found

    def topic(self, nature: str) -> str:
        """The topic whose code, name or one of whose words the other system used."""
        return recognised(nature, self.topics)


@dataclass(frozen=True, slots=True)
class Case:
    """An inspection that was taken over, and what followed from it so far."""

    inspection: Inspection
    violation: Violation | None = None
    measure: Measure | None = None


def recognised(nature: str, topics: Iterable[TopicRow]) -> str:
    """The topic whose code, name or one of whose words the other system used."""
    text = nature.strip().lower()
    choices = list(topics)
    for each in choices:
        if text in {each.code, each.name.lower()}:
            return each.code
    return next((t.code for t in choices if any(word in text for word in t.words)), OTHER)


async def around(rows: Sequence[InspectionRow], reader: Rows) -> Known:
    """What these rows refer to."""
    numbers = sorted({row.location_number for row in rows if row.location_number})
    keys = sorted({key for row in rows if (key := beside(row.source_key, row.location_key))})
    places = await reader.all(_LOCATIONS, numbers=numbers, keys=keys)
    return Known(
        keys=frozenset(await reader.all(_STORED, keys=[row.source_key for row in rows])),
        locations={
            name: each for each in places for name in (each.number, each.source_key) if name
        },
        topics=await reader.all(_TOPICS),
    )


async def case_of(row: InspectionRow, reader: Rows) -> Case:
    """What was taken over under the key of this row. Raises NotFound."""
    found = await reader.one(_INSPECTION, "Deze controle", key=row.source_key)
    violation = await found_by(found.id, reader)
    if violation is None:
        return Case(found)
    answer = await reader.first(_MEASURE, violation_id=violation.id)
    return Case(found, violation, answer)


async def found_by(inspection_id: UUID, reader: Rows) -> Violation | None:
    """The violation that the inspection established."""
    return await reader.first(_FOUND_BY, inspection_id=inspection_id)


async def looked_at_again(
    row: InspectionRow, location_id: UUID, on: date, reader: Rows
) -> Violation | None:
    """The violation of a re-inspection: by its key, else the last one at the location."""
    key = beside(row.source_key, row.violation_key)
    if key is None:
        return await reader.first(_LAST_AT, location_id=location_id, on=on)
    found = await reader.first(_FOUND_UNDER, key=key)
    if found is None:
        raise unknown("violation_key", f"controle {row.violation_key} vond geen overtreding")
    return found
