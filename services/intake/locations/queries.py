"""Locations near a place: a box on the RD index first, then the real distance."""

from typing import Any, Final
from uuid import UUID

from sqlalchemy import Double, Integer, Text, bindparam, func, or_, select

from services.intake.conditions import visible
from services.intake.tables import complaint, location
from shared.db.rows import Row, Rows
from shared.geo import distance_m

# Wider until enough is found: odour travels kilometres, noise some hundreds of metres.
RADII: Final = (500.0, 2_000.0, 5_000.0)
ENOUGH: Final = 5
SHOWN: Final = 10

_X, _Y = (bindparam(name, type_=Double) for name in ("x", "y"))
_R = bindparam("r", type_=Double)
_SQUARE = (location.c.rd_x - _X) * (location.c.rd_x - _X) + (location.c.rd_y - _Y) * (
    location.c.rd_y - _Y
)
_NEAR = (
    select(location)
    .where(
        location.c.rd_x.between(_X - _R, _X + _R),
        location.c.rd_y.between(_Y - _R, _Y + _R),
        location.c.active,
        visible(location),
        _SQUARE <= _R * _R,
    )
    .order_by(_SQUARE, location.c.id)
    .limit(SHOWN)
)
_PATTERN = bindparam("pattern", type_=Text)
_SEARCH = (
    select(location)
    .where(
        location.c.active,
        visible(location),
        or_(
            location.c.name.ilike(_PATTERN),
            location.c.number.ilike(_PATTERN),
            func.concat_ws(" ", location.c.street, location.c.house_number).ilike(_PATTERN),
            func.replace(location.c.postcode, " ", "").ilike(func.replace(_PATTERN, " ", "")),
        ),
    )
    .order_by(location.c.name)
    .limit(SHOWN)
)
_ONE = select(location).where(location.c.id == bindparam("id"), visible(location))
_COMPLAINTS = (
    select(complaint)
    .where(complaint.c.location_id == bindparam("location_id"), visible(complaint))
    .order_by(complaint.c.received_at.desc())
    .limit(bindparam("limit", type_=Integer))
)
_TOTAL = select(func.count()).where(
    complaint.c.location_id == bindparam("location_id"), visible(complaint)
)


async def near(
    rows: Rows, place: tuple[float, float], participants: list[str] | None
) -> list[dict[str, Any]]:
    """The nearest locations with their distance in metres."""
    found: list[Row] = []
    for radius in RADII:
        found = await rows.all(_NEAR, x=place[0], y=place[1], r=radius, participants=participants)
        if len(found) >= ENOUGH:
            break
    return [{**row, "distance": round(distance_m(place, _rd(row)))} for row in found]


def _rd(row: Row) -> tuple[float, float]:
    return row["rd_x"], row["rd_y"]


async def search(rows: Rows, words: str, participants: list[str] | None) -> list[dict[str, Any]]:
    """Locations by name, number, street or postcode."""
    plain = words.strip().replace("\\", "").replace("%", "").replace("_", "")
    if not plain:
        return []
    found = await rows.all(_SEARCH, pattern=f"%{plain}%", participants=participants)
    return [{**row, "distance": None} for row in found]


async def first(rows: Rows, location_id: UUID, participants: list[str] | None) -> Row | None:
    """The location, or None when it is unknown here or not for the caller."""
    return await rows.first(_ONE, id=location_id, participants=participants)


async def complaints_at(
    rows: Rows, location_id: UUID, participants: list[str] | None, limit: int = 10
) -> tuple[list[Row], int]:
    """The newest complaints at a location, and how many there are."""
    newest = await rows.all(
        _COMPLAINTS, location_id=location_id, participants=participants, limit=limit
    )
    total = await rows.value(_TOTAL, location_id=location_id, participants=participants)
    return newest, int(total)
