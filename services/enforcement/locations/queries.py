"""Locations as enforcement knows them."""

from sqlalchemy import bindparam, case, func, literal, or_, select

from services.enforcement.filters import visible
from services.enforcement.locations.tables import location
from shared.db.rows import Row, Rows

_EXACT = case((location.c.number == bindparam("words"), literal(0)), else_=literal(1))
_NAMED = (
    select(location)
    .where(
        visible(location),
        or_(
            location.c.number == bindparam("words"),
            func.lower(location.c.name) == func.lower(bindparam("words")),
        ),
    )
    .order_by(_EXACT, location.c.number)
    .limit(1)
)


async def by_number(rows: Rows, words: str, participants: list[str] | None) -> Row | None:
    """The location with this number, or else with this name."""
    plain = words.strip().replace("\x00", "")
    return await rows.first(_NAMED, words=plain, participants=participants) if plain else None
