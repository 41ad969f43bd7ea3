"""Locations as enforcement knows them."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Uuid, bindparam, case, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.context import ReadCtx
from services.enforcement.locations.tables import location
from shared.auth.sight import Sight
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.values import columns_of
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class LocationRow:
    """What an inspection needs of its location."""

    id: UUID
    number: str
    name: str
    participant: str | None
    source_key: str | None = None


_COLUMNS = columns_of(LocationRow, location)
_ONE: Final = Query(
    LocationRow, select(*_COLUMNS).where(location.c.id == bindparam("id"), visible(location))
)
_SAME_NUMBER = case((location.c.number == bindparam("words"), literal(0)), else_=literal(1))
_NAMED: Final = Query(
    LocationRow,
    select(*_COLUMNS)
    .where(
        visible(location),
        or_(
            location.c.number == bindparam("words"),
            func.lower(location.c.name) == func.lower(bindparam("words")),
        ),
    )
    .order_by(_SAME_NUMBER, location.c.number)
    .limit(1),
)
_OF_IDS: Final = Query(
    LocationRow,
    select(*_COLUMNS).where(location.c.id == func.any(bindparam("ids", type_=ARRAY(Uuid)))),
)


async def find(location_id: UUID, rows: Rows, sight: Sight) -> LocationRow | None:
    """The location, when it is known here and for these eyes."""
    return await rows.first(_ONE, id=location_id, sight=sight)


async def participants_of(location_ids: list[UUID], rows: Rows) -> dict[UUID, str | None]:
    """The participant of each of these locations that is known here."""
    return {row.id: row.participant for row in await rows.all(_OF_IDS, ids=location_ids)}


async def named(words: str, ctx: ReadCtx) -> LocationRow | None:
    """The location with this number, or else with this name."""
    ctx.require(Scope.INSPECTIONS_READ)
    plain = words.strip().replace("\x00", "")
    if not plain:
        return None
    return await ctx.rows.first(_NAMED, words=plain, sight=ctx.sight)
