"""The use cases of locations: register some, and change what is recorded of one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from services.risk.context import Ctx
from services.risk.locations import queries, store
from services.risk.locations.queries import LocationRow
from services.risk.locations.tables import location
from services.risk.scores.commands import Cause, Rescore, rescore
from shared.contracts.base import Address, Place
from shared.contracts.risk import LocationRegistered
from shared.errors import Refused, unknown
from shared.geo import Point, to_rd
from shared.ids import new_id
from shared.product.roles import Scope

# What is recorded of a location, as its history names it.
_LABELS: Final = {
    "name": "naam",
    "street": "straat",
    "house_number": "huisnummer",
    "postcode": "postcode",
    "city": "woonplaats",
    "participant": "deelnemer",
    "lon": "lengtegraad",
    "lat": "breedtegraad",
    "activities": "activiteiten",
    "core_activity": "kernactiviteit",
    "active": "actief",
}


@dataclass(frozen=True, slots=True)
class LocationData:
    """What is recorded of a location; the first activity is the core where none is named."""

    name: str
    participant: str
    place: Point
    address: Address = field(default_factory=Address)
    activities: tuple[str, ...] = ()
    core_activity: str | None = None
    active: bool = True

    @property
    def core(self) -> str | None:
        return self.core_activity or next(iter(self.activities), None)


@dataclass(frozen=True, slots=True)
class RegisterLocation:
    """A location that is new to us; `source_key` where another system knows it."""

    data: LocationData
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeLocation:
    """What is recorded of a location from now on."""

    location_id: UUID
    version: int
    data: LocationData


async def register(command: RegisterLocation, ctx: Ctx) -> UUID:
    """Register a location and score it. Raises Forbidden, Conflict."""
    (answer,) = await register_all([command], ctx)
    if isinstance(answer, Refused):
        raise answer
    return answer


async def register_all(commands: Sequence[RegisterLocation], ctx: Ctx) -> list[UUID | Refused]:
    """Register many at once: each gets its id, or the reason for which it is not stored."""
    ctx.require(Scope.LOCATIONS_WRITE)
    codes = [code for command in commands for code in command.data.activities]
    strange = set(await store.unknown_activities(ctx.rows, codes))
    answers = [_refusal(command.data, strange, ctx) or new_id() for command in commands]
    stored = [
        (command, answer)
        for command, answer in zip(commands, answers, strict=True)
        if isinstance(answer, UUID)
    ]
    if not stored:
        return answers
    numbers = await _numbers(len(stored), ctx)
    for (command, location_id), number in zip(stored, numbers, strict=True):
        values = _values(command.data, ctx)
        row = {"id": location_id, "version": 1, "number": number, **values}
        ctx.work.insert(location, {**row, "source_key": command.source_key})
        event = _registered(command.data, location_id, 1, number, command.source_key)
        ctx.work.publish(event)
    cause = Cause("locatie overgenomen" if ctx.source else "locatie geregistreerd")
    await rescore(Rescore({location_id: cause for _, location_id in stored}), ctx)
    return answers


async def _numbers(count: int, ctx: Ctx) -> list[str]:
    if count == 1:
        return [await ctx.kit.numbers.next(ctx.work, ctx.today.year)]
    return await ctx.kit.numbers.many(ctx.work, [ctx.today.year] * count)


async def change(command: ChangeLocation, ctx: Ctx) -> UUID:
    """Replace what is recorded of a location. Raises NotFound, VersionConflict, Forbidden."""
    ctx.require(Scope.LOCATIONS_WRITE)
    before = await store.lock(ctx.work, command.location_id, ctx.sight, version=command.version)
    strange = set(await store.unknown_activities(ctx.rows, command.data.activities))
    if refusal := _refusal(command.data, strange, ctx):
        raise refusal
    values = _values(command.data, ctx)
    recorded = await store.recorded(ctx.rows, before.id)
    ctx.work.update(
        location, key={"id": before.id}, values={**values, "version": before.version + 1}
    )
    ctx.work.publish(
        _registered(command.data, before.id, before.version + 1, before.number, before.source_key)
    )
    cause = Cause(_changed(recorded, values, ctx.source), tells=True)
    await rescore(Rescore({before.id: cause}), ctx)
    return before.id


def _changed(before: Mapping[str, Any], values: Mapping[str, Any], source: str | None) -> str:
    """What is told of the change in the history of the location: each old value and its new one."""
    what = "locatie gewijzigd" if source is None else f"locatie gecorrigeerd in {source}"
    parts = [
        f"{label} was {_said(before[name])}, is {_said(values[name])}"
        for name, label in _LABELS.items()
        if before[name] != values[name]
    ]
    return f"{what} ({'; '.join(parts)})" if parts else what


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(value) or "leeg"
    return "leeg" if value is None else str(value)


async def stored(location_id: UUID, ctx: Ctx) -> LocationRow:
    """The location as this unit of work leaves it."""
    await ctx.work.flush()
    return await queries.one(location_id, ctx)


def _refusal(data: LocationData, strange: set[str], ctx: Ctx) -> Refused | None:
    """Why the location cannot be recorded by this caller."""
    try:
        ctx.require_participant(data.participant)
    except Refused as refusal:
        return refusal
    wrong = [code for code in data.activities if code in strange]
    if wrong:
        reason = f"Onbekende activiteit {', '.join(wrong)}: kies een paragraaf uit /activiteiten."
        return unknown("activities", reason)
    if data.core_activity and data.core_activity not in data.activities:
        return unknown("core_activity", "Kies de kernactiviteit uit de activiteiten.")
    return None


def _values(data: LocationData, ctx: Ctx) -> dict[str, Any]:
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
        "core_activity": data.core,
        "active": data.active,
        "changed_at": ctx.now,
    }


def _registered(
    data: LocationData, location_id: UUID, version: int, number: str, source_key: str | None
) -> LocationRegistered:
    """The event with the full state of a location."""
    return LocationRegistered(
        version=version,
        participant=data.participant,
        location_id=location_id,
        number=number,
        name=data.name,
        address=data.address,
        place=Place(coordinates=(data.place.lon, data.place.lat)),
        activities=data.activities,
        active=data.active,
        source_key=source_key,
    )
