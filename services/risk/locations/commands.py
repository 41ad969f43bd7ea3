"""The use cases of locations: register one, and change what is recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from services.risk.locations import store
from services.risk.locations.tables import activity, location, location_number
from services.risk.scores.commands import Cause, rescore
from shared.auth.caller import Caller
from shared.contracts.base import Address, Place
from shared.contracts.risk import LocationRegistered
from shared.db.numbers import Numbers
from shared.db.unit_of_work import UnitOfWork
from shared.errors import unknown
from shared.geo import Point, to_rd
from shared.http.versions import require_version
from shared.ids import new_id

numbers = Numbers("L", location_number)
ACTIVITIES = select(activity.c.code).where(
    activity.c.in_force, activity.c.code == func.any(bindparam("codes", type_=ARRAY(Text)))
)


@dataclass(frozen=True, slots=True)
class LocationData:
    """What is recorded of a location."""

    name: str
    participant: str
    place: Point
    address: Address = field(default_factory=Address)
    activities: tuple[str, ...] = ()
    core_activity: str | None = None
    active: bool = True
    source_key: str | None = None


def row_of(data: LocationData, work: UnitOfWork) -> dict[str, Any]:
    """The columns of a location; the first activity is the core where none was named."""
    x, y = to_rd(data.place)
    return {
        "name": data.name,
        **data.address.model_dump(),
        "participant": data.participant,
        "lon": data.place.lon,
        "lat": data.place.lat,
        "rd_x": x,
        "rd_y": y,
        "activities": list(data.activities),
        "core_activity": data.core_activity or next(iter(data.activities), None),
        "active": data.active,
        "changed_at": work.now,
    }


def registered(row: Mapping[str, Any]) -> LocationRegistered:
    """The event with the full state of a location."""
    return LocationRegistered(
        version=row["version"],
        participant=row["participant"],
        location_id=row["id"],
        number=row["number"],
        name=row["name"],
        address=Address(**{part: row[part] for part in Address.model_fields}),
        place=Place(coordinates=(row["lon"], row["lat"])),
        activities=tuple(row["activities"]),
        active=row["active"],
    )


async def register(data: LocationData, caller: Caller, work: UnitOfWork) -> dict[str, Any]:
    """Register a location and score it. Raises Forbidden, Conflict."""
    caller.require_participant(data.participant)
    await _known_activities(data, work)
    row = {
        "id": new_id(),
        "version": 1,
        "number": await numbers.next(work, work.today.year),
        "source_key": data.source_key,
        **row_of(data, work),
    }
    work.insert(location, row)
    work.publish(registered(row))
    await rescore(work, {row["id"]: Cause("locatie geregistreerd")})
    return row


async def change(
    location_id: UUID, version: int, data: LocationData, caller: Caller, work: UnitOfWork
) -> dict[str, Any]:
    """Replace what is recorded of a location. Raises NotFound, VersionConflict, Forbidden."""
    before = await store.lock(work, location_id, caller.participant_filter)
    caller.require_participant(data.participant)
    require_version(before, version, "Deze locatie")
    await _known_activities(data, work)
    values = {**row_of(data, work), "version": version + 1}
    work.update(location, key={"id": location_id}, values=values)
    row = {"id": location_id, "number": before["number"], **values}
    work.publish(registered(row))
    await rescore(work, {location_id: Cause("locatie gewijzigd")})
    return row


async def _known_activities(data: LocationData, work: UnitOfWork) -> None:
    strange = await unknown_activities(data.activities, work)
    if strange:
        raise unknown("activiteiten", f"Kies een paragraaf uit /activiteiten; niet: {strange[0]}.")
    if data.core_activity and data.core_activity not in data.activities:
        raise unknown("kernactiviteit", "Kies de kernactiviteit uit de activiteiten.")


async def unknown_activities(codes: Sequence[str], work: UnitOfWork) -> list[str]:
    """Those of the paragraphs that the Bal does not have, or that are empty."""
    if not codes:
        return []
    known = {row["code"] for row in await work.all(ACTIVITIES, codes=sorted(set(codes)))}
    return sorted(set(codes) - known)
