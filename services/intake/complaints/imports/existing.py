"""What is known before a batch is stored: rows, locations, incidents, reference data."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Text, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.intake.complaints import store as repository
from services.intake.complaints.imports.rows import ComplaintRow
from services.intake.context import read_reference
from services.intake.incidents.domain import Incident
from services.intake.reference.domain.lists import Reference
from services.intake.tables import complaint, incident, location
from shared.addresses import normal_postcode
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Known:
    """What is stored already, what this batch adds, and numbers for new incidents."""

    reference: Reference
    keys: set[str]
    locations: Mapping[str, Row]
    incidents: dict[str, Incident]
    numbers: Iterator[str] = field(default_factory=lambda: iter(()))
    added: dict[str, Incident] = field(default_factory=dict)
    joined: set[str] = field(default_factory=set)


_KEYS = bindparam("keys", type_=ARRAY(Text))
_STORED = select(complaint.c.source_key).where(complaint.c.source_key == func.any(_KEYS))
_LOCATIONS = select(location).where(
    or_(
        location.c.number == func.any(bindparam("numbers", type_=ARRAY(Text))),
        location.c.postcode == func.any(bindparam("postcodes", type_=ARRAY(Text))),
    )
)
_INCIDENTS = select(incident).where(incident.c.source_key == func.any(_KEYS)).with_for_update()


async def known_before(rows: Sequence[ComplaintRow], work: UnitOfWork) -> Known:
    keys = [row.source_key for row in rows]
    stored = await work.all(_STORED, keys=keys)
    numbers = sorted({row.location_number for row in rows if row.location_number})
    postcodes = sorted({row.postcode for row in rows if row.postcode})
    found = await work.all(_LOCATIONS, numbers=numbers, postcodes=postcodes)
    shared = sorted({incident_key(row) for row in rows})
    running = await work.all(_INCIDENTS, keys=shared)
    return Known(
        reference=await read_reference(work),
        keys={row["source_key"] for row in stored},
        locations=_by_name(found),
        incidents={row["source_key"]: repository.incident_of(row) for row in running},
    )


def _by_name(found: Iterable[Row]) -> dict[str, Row]:
    """Locations by number, and by address where only one has it."""
    named: dict[str, Row] = {}
    shared: set[str] = set()
    for row in found:
        named[row["number"]] = row
        address = address_of(row["postcode"], row["house_number"])
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
    return row.incident_key or row.source_key
