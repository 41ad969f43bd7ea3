"""A page of a list that is whole in memory."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from shared.db.listing import Page, Start, bad_cursor

Item = TypeVar("Item")


def paged(items: Sequence[Item], start: Start, key: Callable[[Item], str]) -> Page[Item]:
    """The items from the start on. Raises NotFound for a start that is not one of the keys."""
    first = 0
    if start.after is not None:
        keys = [(key(item),) for item in items]
        if start.after not in keys:
            raise bad_cursor()
        first = keys.index(start.after) + 1
    shown = list(items[first : first + start.limit])
    more = len(items) > first + start.limit
    return Page(shown, (key(shown[-1]),) if more else None)
