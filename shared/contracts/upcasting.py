"""Events of an old major version, read as those of the new one.

A change that readers of the old cannot follow is a new type, on `.v2`. The old events stay on the
log for ever: an upcaster makes their data into that of the new type, for consumers and rebuilds
alike. While both are published, the old class names its successor (`succeeded_by`), and who knows
the new type passes over the twin of the old.
"""

from collections.abc import Container, Iterable, Sequence
from typing import Any, Final, NamedTuple, Protocol

import orjson


class Change(Protocol):
    """Makes the data of one type into that of the next; a function."""

    __qualname__: str

    def __call__(self, document: dict[str, Any], /) -> dict[str, Any]: ...


class Upcaster(NamedTuple):
    """From one type to its successor; the change is pure, and gets the data as on the wire."""

    old: str
    new: str
    change: Change


class UpcastError(ValueError):
    """The data of an old event cannot be made into that of the new one."""


class Way(NamedTuple):
    """The type that is known, and what to change to get there."""

    type: str
    changes: Sequence[Change]


UPCASTERS: Final[tuple[Upcaster, ...]] = ()


def way_to(
    event_type: str, known: Container[str], upcasters: Iterable[Upcaster] = UPCASTERS
) -> Way | None:
    """How to read a type as one that is known; None where no way leads there."""
    by_old = {each.old: each for each in upcasters}
    changes: list[Change] = []
    while event_type not in known:
        step = by_old.pop(event_type, None)
        if step is None:
            return None
        changes.append(step.change)
        event_type = step.new
    return Way(event_type, changes)


def upcast(data: bytes, changes: Sequence[Change]) -> bytes:
    """The data after these changes. Raises UpcastError, whose text holds none of it."""
    if not changes:
        return data
    step = "JSON"
    try:
        document = orjson.loads(data)
        for change in changes:
            step = change.__qualname__
            document = change(document)
        return orjson.dumps(document)
    except Exception as error:  # noqa: BLE001 - whatever it is, the event is parked for it
        # Without its cause, which may quote the data.
        raise UpcastError(f"{step}: {type(error).__name__}") from None
