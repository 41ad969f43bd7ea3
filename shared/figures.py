"""Figures of what a service does: complaints accepted, decisions made, letters sent.

A service declares them in its `figures.py`; a unit of work counts them once it is committed. The
values of labels are bounded, also those of lists that the field extends, and say nothing of people.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from prometheus_client import Counter

from shared.contracts.base import Event, Unlisted

E = TypeVar("E", bound=Event)
# So many values of a label are told apart in one process; what comes after them is `overig`.
MOST: Final = 40
OTHER: Final = "overig"


class Figure:
    """A count on `/metrics`, by some labels."""

    def __init__(self, name: str, text: str, *labels: str) -> None:
        self.name, self.labels = name, labels
        self._counter = Counter(name, text, labels)
        self._known: tuple[set[str], ...] = tuple(set() for _ in labels)
        self._children: dict[tuple[str, ...], Counter] = {}

    def of(self, *values: str) -> Counter:
        """The count for these values of its labels."""
        child = self._children.get(values)
        if child is None:
            bounded = tuple(
                _bounded(known, value) for known, value in zip(self._known, values, strict=True)
            )
            child = self._counter.labels(*bounded) if bounded else self._counter
            if bounded == values:
                self._children[values] = child
        return child


def _bounded(known: set[str], value: str) -> str:
    if isinstance(value, Unlisted) or (value not in known and len(known) >= MOST):
        return OTHER
    known.add(str(value))
    return str(value)


def yes_or_no(value: object) -> str:
    """A label for what holds or does not."""
    return "ja" if value else "nee"


@dataclass(frozen=True, slots=True)
class Counted(Generic[E]):
    """An event of the service that counts in a figure, by what it says, one each time or more."""

    event: type[E]
    figure: Figure
    labels: Callable[[E], tuple[str, ...]] = lambda _: ()
    amount: Callable[[E], float] = lambda _: 1

    def of(self, event: Any) -> tuple[Counter, float]:
        """What an event of this kind adds, and to which count."""
        return self.figure.of(*self.labels(event)), self.amount(event)


ByEvent = Mapping[type[Event], Counted[Any]]


def by_event(declared: Iterable[Counted[Any]]) -> ByEvent:
    """What is declared of each event."""
    return {each.event: each for each in declared}
