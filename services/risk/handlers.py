"""The use cases of risk: register and change locations, propose and activate models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from services.risk import repository
from services.risk.domain import Model
from services.risk.scoring import rescore
from services.risk.tables import activity, location, location_number, risk_model
from shared.auth.caller import Caller
from shared.contracts.base import Address, Place
from shared.contracts.risk import LocationRegistered
from shared.errors import NotAllowed, unknown
from shared.geo import Point, to_rd
from shared.http.versions import require_version
from shared.ids import new_id
from shared.numbers import Numbers
from shared.rows import Row
from shared.work import Work

numbers = Numbers("L", location_number)
ACTIVITIES = select(activity.c.code)
RETIRE = update(risk_model).where(risk_model.c.state == "actief").values(state="vervallen")
ALL_IDS = select(location.c.id).where(location.c.active)


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


def row_of(data: LocationData, work: Work) -> dict[str, Any]:
    """The columns of a location."""
    x, y = to_rd(data.place)
    return {
        "source_key": data.source_key,
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


async def register(data: LocationData, caller: Caller, work: Work) -> dict[str, Any]:
    """Register a location and score it. Raises Forbidden, Invalid."""
    caller.require_participant(data.participant)
    await _known_activities(data.activities, work)
    row = {
        "id": new_id(),
        "version": 1,
        "number": await numbers.next(work, work.today.year),
        **row_of(data, work),
    }
    work.insert(location, row)
    work.publish(registered(row))
    await rescore(work, [row["id"]], "locatie geregistreerd")
    return row


async def change(
    location_id: UUID, version: int, data: LocationData, caller: Caller, work: Work
) -> dict[str, Any]:
    """Replace what is recorded of a location. Raises NotFound, VersionConflict, Forbidden."""
    before = await repository.lock(work, location_id)
    caller.require_participant(before["participant"])
    caller.require_participant(data.participant)
    require_version(before, version, "Deze locatie")
    await _known_activities(data.activities, work)
    values = {**row_of(data, work), "source_key": before["source_key"], "version": version + 1}
    work.update(location, key={"id": location_id}, values=values)
    row = {"id": location_id, "number": before["number"], **values}
    work.publish(registered(row))
    await rescore(work, [location_id], "locatie gewijzigd")
    return row


async def _known_activities(codes: Sequence[str], work: Work) -> None:
    known = {row["code"] for row in await work.all(ACTIVITIES)} if codes else set()
    if strange := sorted(set(codes) - known):
        raise unknown("activiteiten", f"Kies een paragraaf uit /activiteiten; niet: {strange[0]}.")


async def propose_model(
    model_version: str, description: str, parameters: dict[str, Any], caller: Caller, work: Work
) -> UUID:
    """Propose a model; it scores nothing until somebody else activates it. Raises Invalid."""
    try:
        Model.of(model_version, parameters)
    except (TypeError, ValueError, KeyError, ArithmeticError) as error:
        raise unknown("parameters", f"Dit is geen volledig model: {error}.") from error
    model_id = new_id()
    work.insert(
        risk_model,
        {
            "id": model_id,
            "version": 1,
            "model_version": model_version,
            "description": description,
            "state": "concept",
            "parameters": parameters,
            "author": caller.subject,
        },
    )
    return model_id


async def activate_model(
    model_id: UUID, version: int, decision_reference: str, caller: Caller, work: Work
) -> None:
    """Activate a proposed model and score every location with it. Raises NotAllowed."""
    row = await work.one(repository.LOCK_MODEL, "Dit risicomodel", id=model_id)
    require_version(row, version, "Dit risicomodel")
    _four_eyes(row, caller)
    await work.execute(RETIRE)
    values = {
        "state": "actief",
        "version": version + 1,
        "confirmed": True,
        "decision_reference": decision_reference,
        "activated_by": caller.subject,
        "activated_at": work.now,
    }
    work.update(risk_model, key={"id": model_id}, values=values)
    await work.flush()
    await rescore_all(work, f"model {row['model_version']} geactiveerd")


def _four_eyes(row: Row, caller: Caller) -> None:
    if row["state"] != "concept":
        raise NotAllowed(f"Dit model is {row['state']}", article="alleen een concept")
    if row["author"] == caller.subject:
        raise NotAllowed("De opsteller mag het model niet zelf activeren", article="vier ogen")


async def rescore_all(work: Work, cause: str) -> None:
    """Score every active location: time passes also where nothing happens."""
    await rescore(work, [row["id"] for row in await work.all(ALL_IDS)], cause)
