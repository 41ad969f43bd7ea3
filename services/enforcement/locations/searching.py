"""What the search field of a list limits it to: numbers, and where it was."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Boolean, Column, ColumnElement, literal_column, select

from services.enforcement.locations.tables import SAID, location
from shared.db.search import beginning, begins, holds, number_in, phrase_of

_LOCATION: Final = "L-"


def filters(number: Column[Any], location_id: Column[Any]) -> dict[str, ColumnElement[bool]]:
    """The limits that `limits_of` gives, for a list of what has a number and a location."""
    of_number = select(location.c.id).where(begins(location.c.number, "place_number"))
    of_phrase = select(location.c.id).where(holds(SAID))
    return {
        "number": begins(number, "number"),
        "place_number": location_id.in_(of_number),
        "phrase": location_id.in_(of_phrase),
    }


# What is too short to look for finds nothing.
FLAGS: Final[Mapping[str, ColumnElement[bool]]] = {"too_short": literal_column("false", Boolean)}


def limits_of(typed: str) -> dict[str, Any]:
    """A number of its own, that of a location, or part of a name or address; {} for no words."""
    if not typed.strip():
        return {}
    if number := number_in(typed):
        return beginning("place_number" if number.startswith(_LOCATION) else "number", number)
    phrase = phrase_of(typed)
    return {"phrase": phrase} if phrase else {"too_short": True}
