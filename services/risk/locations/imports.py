"""Import of locations, in bulk: what a present system knows of them."""

from collections.abc import Sequence
from typing import Annotated, Final

from pydantic import Field

from services.risk.context import Ctx, system
from services.risk.locations import store
from services.risk.locations.commands import (
    ChangeLocation,
    LocationData,
    RegisterLocation,
    change,
    register_all,
)
from services.risk.locations.schemas import Code, HouseNumber
from shared.contracts.base import Address, Participant
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound, Refused, invalid
from shared.geo import Point, from_rd, in_netherlands
from shared.http.schema import Postcode, Text
from shared.imports import ImportRow, ImportSpec, Rejection, reason_of, row_by_row


class LocationRow(ImportRow):
    """One location; its place in degrees, or in RD New."""

    name: Text
    participant: Participant
    lon: float | None = None
    lat: float | None = None
    rd_x: float | None = None
    rd_y: float | None = None
    street: Text | None = None
    house_number: HouseNumber | None = None
    postcode: Postcode | None = None
    city: Text | None = None
    activities: Annotated[tuple[Code, ...], Field(max_length=50)] = ()
    core_activity: Code | None = None
    active: bool = True

    def point(self) -> Point:
        """The place. Raises Invalid when it is missing or outside the Netherlands."""
        if self.lon is not None and self.lat is not None:
            point = Point(self.lon, self.lat)
        elif self.rd_x is not None and self.rd_y is not None:
            point = from_rd(self.rd_x, self.rd_y)
        else:
            point = None
        if point is None or not in_netherlands(point):
            raise invalid("place", "plaats", "de plaats ontbreekt, of ligt buiten Nederland")
        return point

    def data(self) -> LocationData:
        """What is to be recorded. Raises Invalid without a place."""
        return LocationData(
            name=self.name,
            participant=self.participant,
            place=self.point(),
            address=Address(**self.model_dump(include=set(Address.model_fields))),
            activities=tuple(dict.fromkeys(self.activities)),
            core_activity=self.core_activity,
            active=self.active,
        )


async def store_rows(rows: Sequence[LocationRow], work: UnitOfWork) -> list[Rejection]:
    """Register the rows that are new; a known key is left as it is."""
    seen = set(await store.by_key(work, [row.source_key for row in rows]))
    rejections: list[Rejection] = []
    commands: dict[str, RegisterLocation] = {}
    for row in rows:
        if row.source_key in seen:
            continue
        seen.add(row.source_key)
        try:
            commands[row.source_key] = RegisterLocation(row.data(), row.source_key)
        except Refused as refused:
            rejections.append(Rejection(row.source_key, reason_of(refused)))
    if not commands:
        return rejections
    answers = await register_all(list(commands.values()), _ctx(rows[0], work))
    for key, answer in zip(commands, answers, strict=True):
        if isinstance(answer, Refused):
            rejections.append(Rejection(key, reason_of(answer)))
    return rejections


async def correct_rows(rows: Sequence[LocationRow], work: UnitOfWork) -> list[Rejection]:
    """Change what is recorded of locations that were taken over before."""
    known = await store.by_key(work, [row.source_key for row in rows])

    async def correct(row: LocationRow) -> None:
        found = known.get(row.source_key)
        if found is None:
            raise NotFound("Deze locatie is er niet meer.")
        await change(ChangeLocation(found.id, found.version, row.data()), _ctx(row, work))

    return await row_by_row(rows, work, correct)


def _ctx(row: LocationRow, work: UnitOfWork) -> Ctx:
    return system(work).importing(row.source)


IMPORTS: Final = (
    ImportSpec(
        kind="locaties",
        row=LocationRow,
        store=store_rows,
        correct=correct_rows,
        correction="Een gewijzigde regel wijzigt de locatie; de tijdlijn noemt de oude en nieuwe "
        "waarde. Wat intussen in het platform is gewijzigd, wordt door de bron overschreven.",
    ),
)
