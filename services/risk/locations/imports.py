"""Import of locations, in bulk: what a present system knows of them."""

from collections.abc import Sequence
from typing import Final

from pydantic import Field

from services.risk.context import system
from services.risk.locations import store
from services.risk.locations.commands import LocationData, RegisterLocation, register_all
from shared.contracts.base import Address, Participant
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.geo import Point, from_rd, in_netherlands
from shared.http.schema import Postcode
from shared.imports import ImportRow, ImportSpec, Rejection

SOURCE: Final = "overname"


class LocationRow(ImportRow):
    """One location; its place in degrees, or in RD New."""

    name: str = Field(min_length=1, max_length=255)
    participant: Participant
    lon: float | None = None
    lat: float | None = None
    rd_x: float | None = None
    rd_y: float | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: Postcode | None = None
    city: str | None = None
    activities: tuple[str, ...] = ()
    core_activity: str | None = None
    active: bool = True

    def point(self) -> Point | None:
        """The place, or None when it is missing or outside the Netherlands."""
        if self.lon is not None and self.lat is not None:
            point = Point(self.lon, self.lat)
        elif self.rd_x is not None and self.rd_y is not None:
            point = from_rd(self.rd_x, self.rd_y)
        else:
            return None
        return point if in_netherlands(point) else None

    def command(self) -> RegisterLocation | None:
        """The registration, or None without a place."""
        point = self.point()
        if point is None:
            return None
        data = LocationData(
            name=self.name,
            participant=self.participant,
            place=point,
            address=Address(**self.model_dump(include=set(Address.model_fields))),
            activities=tuple(dict.fromkeys(self.activities)),
            core_activity=self.core_activity,
            active=self.active,
        )
        return RegisterLocation(data, self.source_key)


async def store_rows(rows: Sequence[LocationRow], work: UnitOfWork) -> list[Rejection]:
    """Register the rows that are new; a known key is left as it is."""
    ctx = system(work).importing(SOURCE)
    seen = await store.known_keys(work, [row.source_key for row in rows])
    rejections: list[Rejection] = []
    commands: list[RegisterLocation] = []
    for row in rows:
        if row.source_key in seen:
            continue
        seen.add(row.source_key)
        command = row.command()
        if command is None:
            reason = "de plaats ontbreekt, of ligt buiten Nederland"
            rejections.append(Rejection(row.source_key, reason))
        else:
            commands.append(command)
    answers = await register_all(commands, ctx) if commands else []
    refused = [
        Rejection(command.source_key or "", _reason(answer))
        for command, answer in zip(commands, answers, strict=True)
        if isinstance(answer, Refused)
    ]
    return rejections + refused


def _reason(refusal: Refused) -> str:
    return refusal.detail[:1].lower() + refusal.detail[1:].rstrip(".")


IMPORTS = (ImportSpec(kind="locaties", row=LocationRow, store=store_rows),)
