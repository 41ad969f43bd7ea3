"""Locations near a place: a box on the RD index first, then the real distance."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Double, Integer, bindparam, select

from services.intake.locations.tables import SAID, location
from shared.auth.sight import Sight
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.search import beginning, begins, first_found, number_in, phrase_of
from shared.db.sight import visible
from shared.geo import distance_m

# Wider until enough is found: odour travels kilometres, noise some hundreds of metres.
RADII: Final = (500.0, 2_000.0, 5_000.0)
ENOUGH: Final = 5
SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A location as risk registers it."""

    id: UUID
    number: str
    name: str
    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None
    lon: float
    lat: float
    rd_x: float
    rd_y: float
    participant: str | None
    activities: list[str]
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A location where it may have been, and how far that is in metres."""

    location: LocationRow
    distance: int | None = None


_X, _Y = (bindparam(name, type_=Double) for name in ("x", "y"))
_R = bindparam("r", type_=Double)
_SQUARE = (location.c.rd_x - _X) * (location.c.rd_x - _X) + (location.c.rd_y - _Y) * (
    location.c.rd_y - _Y
)
_COLUMNS: Final = [location.c[name] for name in LocationRow.__slots__]
_NEAR: Final = Query(
    LocationRow,
    select(*_COLUMNS)
    .where(
        location.c.rd_x.between(_X - _R, _X + _R),
        location.c.rd_y.between(_Y - _R, _Y + _R),
        location.c.active,
        visible(location),
        _SQUARE <= _R * _R,
    )
    .order_by(_SQUARE, location.c.id)
    .limit(SHOWN),
)
_SHOWN = bindparam("shown", type_=Integer)
_HERE: Final = select(*_COLUMNS).where(location.c.active, visible(location)).limit(_SHOWN)
_BY_NUMBER: Final = Query(
    LocationRow, _HERE.where(begins(location.c.number, "number")).order_by(location.c.number)
)
_FIRST: Final = first_found(
    location.c.id,
    SAID,
    (location.c.active, visible(location)),
    (location.c.name, location.c.id),
    _SHOWN,
)
_BY_WORDS: Final = Query(
    LocationRow,
    select(*_COLUMNS)
    .where(location.c.id.in_(_FIRST))
    .order_by(location.c.name, location.c.id)
    .limit(_SHOWN),
)
_ONE: Final = Query(
    LocationRow, select(*_COLUMNS).where(location.c.id == bindparam("id"), visible(location))
)


async def near(rows: Rows, place: tuple[float, float], sight: Sight) -> list[Candidate]:
    """The nearest locations with their distance."""
    found: list[LocationRow] = []
    for radius in RADII:
        found = await rows.all(_NEAR, x=place[0], y=place[1], r=radius, sight=sight)
        if len(found) >= ENOUGH:
            break
    return [Candidate(row, round(distance_m(place, (row.rd_x, row.rd_y)))) for row in found]


async def search(rows: Rows, words: str, sight: Sight) -> list[Candidate]:
    """Locations by name, number, street or postcode."""
    if number := number_in(words):
        begun = beginning("number", number)
        found = await rows.all(_BY_NUMBER, shown=SHOWN, sight=sight, **begun)
    elif phrase := phrase_of(words):
        found = await rows.all(_BY_WORDS, phrase=phrase, shown=SHOWN, sight=sight)
    else:
        return []
    return [Candidate(row) for row in found]


async def first(rows: Rows, location_id: UUID, sight: Sight) -> LocationRow | None:
    """The location, or None when it is unknown here or not for the caller."""
    return await rows.first(_ONE, id=location_id, sight=sight)
