"""What the search field of a list limits it to: numbers, and where it was."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, ColumnElement, literal, literal_column, select

from services.enforcement.context import ReadCtx
from services.enforcement.locations.tables import SAID, location
from shared.db.filters import one_of
from shared.db.phrases import said
from shared.db.query import Query
from shared.db.search import FEW, beginning, begins, holds, number_in, phrase_of

_LOCATION: Final = "L-"


def filters(number: Column[Any], location_id: Column[Any]) -> dict[str, ColumnElement[bool]]:
    """The limits that `limits_of` gives, for a list of what has a number and a location."""
    of_number = select(location.c.id).where(begins(location.c.number, "place_number"))
    # Asked in a way that no index knows: walking in the order of the list meets enough of them.
    here = select(location.c.id).where(location.c.id == location_id, holds(SAID + literal("")))
    return {
        "number": begins(number, "number"),
        "place_number": location_id.in_(of_number),
        "places": one_of(location_id, "places"),
        # Not joined: PostgreSQL would look at all locations first.
        "phrase": here.offset(0).correlate_except(location).exists(),
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


@lru_cache
def _places(everyone: bool) -> Query[UUID]:
    return Query(UUID, said(location, SAID, FEW + 1, everyone=everyone))


async def resolved(limits: Mapping[str, Any], ctx: ReadCtx) -> dict[str, Any]:
    """A phrase that few locations have becomes these locations; of another one the list is walked.

    PostgreSQL cannot tell beforehand which it is: where row-level security is on, it does not look
    at statistics for LIKE.
    """
    if (phrase := limits.get("phrase")) is None:
        return dict(limits)
    found = await ctx.rows.all(_places(ctx.sight.everyone), phrase=phrase)
    if len(found) > FEW:
        return dict(limits)
    return {**limits, "phrase": None, "places": found}
