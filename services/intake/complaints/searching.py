"""What the search field finds: numbers, or complaints with such an address or location."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, bindparam, select, true

from services.intake.complaints.queries import ALL, ORDER, ComplaintRow, is_given
from services.intake.complaints.tables import SAID
from services.intake.context import ReadCtx
from services.intake.tables import LOCATION_SAID, complaint, location
from shared.db.phrases import said
from shared.db.query import Query
from shared.db.search import FEW, beginning, begins, first_found, number_in, phrase_of
from shared.db.sight import visible
from shared.product.roles import Scope

# Of a phrase that very many locations have, these are looked at.
PLACES: Final = 100
_MOST: Final = bindparam("most", type_=Integer)


@dataclass(frozen=True, slots=True)
class Found:
    """The first of what was found, and whether there is more."""

    rows: Sequence[ComplaintRow]
    more: bool = False


async def search(
    typed: str,
    ctx: ReadCtx,
    most: int,
    *,
    category: str | None = None,
    participant: str | None = None,
) -> Found:
    """At most so many complaints that the words find, in the order of the work list."""
    ctx.require(Scope.COMPLAINTS_READ)
    limits = {"category": category, "participant": participant}
    given: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
    names = frozenset(given)
    if number := number_in(typed):
        query, given = _numbered(names), given | beginning("number", number)
    elif phrase := phrase_of(typed):
        query, given = _said(names, ctx.sight.everyone), given | {"phrase": phrase}
    else:
        return Found(())
    rows = await ctx.rows.all(query, sight=ctx.sight, most=most + 1, **given)
    return Found(rows[:most], len(rows) > most)


@lru_cache
def _numbered(names: frozenset[str]) -> Query[ComplaintRow]:
    limits = (begins(complaint.c.number, "number"), *_limits(names))
    return Query(ComplaintRow, ALL.where(*limits).order_by(*ORDER).limit(_MOST))


@lru_cache
def _said(names: frozenset[str], everyone: bool) -> Query[ComplaintRow]:
    """Each way by its own index: the address of the complaint, and the locations with theirs."""
    by_index = None if everyone else said(complaint, SAID, FEW + 1, everyone=False)
    own = first_found(complaint.c.id, SAID, _limits(names), ORDER, _MOST, by_index).subquery("own")
    places = said(location, LOCATION_SAID, PLACES, everyone=everyone).subquery("places")
    there = _first(names, complaint.c.location_id == places.c.id).lateral("there")
    at_places = select(there.c.id).select_from(places.join(there, true()))
    found = select(own.c.id).union(at_places).subquery("found")
    return Query(
        ComplaintRow,
        ALL.join(found, found.c.id == complaint.c.id).order_by(*ORDER).limit(_MOST),
    )


def _first(names: frozenset[str], condition: ColumnElement[bool]) -> Any:
    limits = (condition, *_limits(names))
    return select(complaint.c.id).where(*limits).order_by(*ORDER).limit(_MOST)


def _limits(names: frozenset[str]) -> tuple[ColumnElement[bool], ...]:
    return (visible(complaint), *(is_given(name) for name in sorted(names)))
