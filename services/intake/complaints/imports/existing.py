"""What is known before a batch is stored: rows, locations, incidents, reference data."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.incidents.domain import Incident
from services.intake.locations.queries import LocationRow
from services.intake.reference.domain.lists import Reference
from services.intake.reference.queries import read_reference
from services.intake.tables import complaint, incident, location
from shared.addresses import normal_postcode
from shared.db.query import Query, present
from shared.db.unit_of_work import UnitOfWork
from shared.imports import SEPARATOR, beside


@dataclass(slots=True)
class Existing:
    """What is stored already, and what this batch adds to it."""

    reference: Reference
    keys: set[str]
    locations: Mapping[str, LocationRow]
    incidents: dict[str, Incident]
    # How many complaints of an incident are open, by its key.
    open: dict[str, int] = field(default_factory=dict)
    added: dict[str, Incident] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)

    def keep(self, key: str, incident: Incident, *, still_open: bool) -> None:
        """The incident as it is with one more complaint."""
        (self.incidents if key in self.incidents else self.added)[key] = incident
        self.joined.add(key)
        self.open[key] = self.open.get(key, 0) + still_open


class _SourceIncident(NamedTuple):
    source_key: str
    id: UUID


class _OpenHere(NamedTuple):
    incident_id: UUID
    number: int


_KEYS = bindparam("keys", type_=ARRAY(Text))
_STORED: Final = Query(
    str,
    select(present(complaint.c.source_key)).where(complaint.c.source_key == func.any(_KEYS)),
)
_LOCATIONS: Final = Query(
    LocationRow,
    select(*(location.c[name] for name in LocationRow.__slots__)).where(
        or_(
            location.c.number == func.any(bindparam("numbers", type_=ARRAY(Text))),
            location.c.source_key == func.any(_KEYS),
            location.c.postcode == func.any(bindparam("postcodes", type_=ARRAY(Text))),
        )
    ),
)
_OWN: Final = [field.name for field in fields(Incident)]
_INCIDENTS: Final = Query(
    _SourceIncident,
    select(present(incident.c.source_key), incident.c.id)
    .where(incident.c.source_key == func.any(_KEYS))
    .order_by(incident.c.id)
    .with_for_update(),
)
_BY_ID: Final = Query(
    Incident,
    select(*(incident.c[name] for name in _OWN)).where(
        incident.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))
    ),
)


_OPEN: Final = Query(
    _OpenHere,
    select(present(complaint.c.incident_id), func.count().label("number"))
    .where(
        complaint.c.incident_id == func.any(bindparam("ids", type_=ARRAY(Uuid))),
        complaint.c.closed_at.is_(None),
    )
    .group_by(complaint.c.incident_id),
)


async def existing_before(rows: Sequence[ComplaintRow], work: UnitOfWork) -> Existing:
    keys = [row.source_key for row in rows]
    stored = await work.all(_STORED, keys=keys)
    numbers = sorted({row.location_number for row in rows if row.location_number})
    postcodes = sorted({row.postcode for row in rows if row.postcode})
    told = sorted({key for row in rows if (key := beside(row.source_key, row.location_key))})
    found = await work.all(_LOCATIONS, numbers=numbers, postcodes=postcodes, keys=told)
    shared = sorted({incident_key(row) for row in rows})
    running = {row.id: row.source_key for row in await work.all(_INCIDENTS, keys=shared)}
    incidents = await work.all(_BY_ID, ids=sorted(running))
    counted = await work.all(_OPEN, ids=sorted(running))
    return Existing(
        reference=await read_reference(work),
        keys=set(stored),
        locations=_by_name(found),
        incidents={running[each.id]: each for each in incidents},
        open={running[each.incident_id]: each.number for each in counted},
    )


def _by_name(found: Iterable[LocationRow]) -> dict[str, LocationRow]:
    """Locations by number, by the key of their source, and by address where only one has it."""
    named: dict[str, LocationRow] = {}
    shared: set[str] = set()
    for row in found:
        named[row.number] = row
        if row.source_key:
            named[row.source_key] = row
        address = address_of(row.postcode, row.house_number)
        if address and address in named:
            shared.add(address)
        elif address:
            named[address] = row
    return {name: row for name, row in named.items() if name not in shared}


def address_of(postcode: str | None, house_number: str | None) -> str | None:
    if not postcode or not house_number:
        return None
    return f"{normal_postcode(postcode)} {house_number.strip().lower()}"


def incident_key(row: ComplaintRow) -> str:
    """The key of the incident within the source: two sources may both number them 1, 2, 3."""
    if not row.incident_key:
        return row.source_key
    source, separator, _ = row.source_key.partition(SEPARATOR)
    return f"{source}{separator}{row.incident_key}" if separator else row.incident_key
