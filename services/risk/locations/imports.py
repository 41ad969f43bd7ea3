"""Import of locations, in bulk: what a present system knows of them."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from pydantic import Field
from sqlalchemy import Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.locations.commands import (
    LocationData,
    numbers,
    registered,
    row_of,
    unknown_activities,
)
from services.risk.locations.tables import location
from services.risk.scores.commands import Cause, rescore
from shared.contracts.base import Address, Participant
from shared.db.unit_of_work import UnitOfWork
from shared.geo import Point, from_rd, in_netherlands
from shared.http.schema import Postcode
from shared.ids import new_id
from shared.imports import ImportRow, ImportSpec, Rejection

KNOWN = select(location.c.source_key).where(
    location.c.source_key == func.any(bindparam("keys", type_=ARRAY(Text)))
)

TAKEN_OVER = Cause("locatie overgenomen")


class LocationRow(ImportRow):
    """One location; its place in degrees, or in RD New."""

    name: str = Field(min_length=1, max_length=255)
    participant: Participant
    lon: Decimal | None = None
    lat: Decimal | None = None
    rd_x: Decimal | None = None
    rd_y: Decimal | None = None
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
            found = Point(float(self.lon), float(self.lat))
        elif self.rd_x is not None and self.rd_y is not None:
            found = from_rd(float(self.rd_x), float(self.rd_y))
        else:
            return None
        return found if in_netherlands(found) else None


async def store(rows: Sequence[LocationRow], work: UnitOfWork) -> list[Rejection]:
    """Store the rows that are new; a known key is left as it is."""
    known_keys = await work.all(KNOWN, keys=[row.source_key for row in rows])
    known = {row["source_key"] for row in known_keys}
    strange = set(await unknown_activities([code for row in rows for code in row.activities], work))
    rejections: list[Rejection] = []
    fresh: list[tuple[LocationRow, Point]] = []
    for row in rows:
        point = row.point()
        if row.source_key in known:
            continue
        known.add(row.source_key)
        if reason := _reason(row, point, strange):
            rejections.append(Rejection(row.source_key, reason))
        elif point is not None:
            fresh.append((row, point))
    await _insert(fresh, work)
    return rejections


def _reason(row: LocationRow, point: Point | None, strange: set[str]) -> str | None:
    if point is None:
        return "de plaats ontbreekt, of ligt buiten Nederland"
    unknown = [code for code in row.activities if code in strange]
    if unknown:
        return f"onbekende activiteit {', '.join(unknown)}"
    if row.core_activity and row.core_activity not in row.activities:
        return f"kernactiviteit {row.core_activity} staat niet bij de activiteiten"
    return None


async def _insert(fresh: Sequence[tuple[LocationRow, Point]], work: UnitOfWork) -> None:
    given = await numbers.many(work, [work.today.year] * len(fresh)) if fresh else []
    stored: list[dict[str, Any]] = []
    for (row, point), number in zip(fresh, given, strict=True):
        address = Address(**row.model_dump(include=set(Address.model_fields)))
        data = LocationData(
            name=row.name,
            participant=row.participant,
            place=point,
            address=address,
            activities=tuple(dict.fromkeys(row.activities)),
            core_activity=row.core_activity,
            active=row.active,
            source_key=row.source_key,
        )
        stored.append(
            {
                "id": new_id(),
                "version": 1,
                "number": number,
                "source_key": data.source_key,
                **row_of(data, work),
            }
        )
    for values in stored:
        work.insert(location, values)
        work.publish(registered(values))
    await rescore(work, {values["id"]: TAKEN_OVER for values in stored})


IMPORTS = (ImportSpec(kind="locaties", row=LocationRow, store=store),)
