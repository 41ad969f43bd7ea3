"""State machines as data: the allowed edges, each with the article or rule that allows it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from shared.errors import NotAllowed

S = TypeVar("S", bound=StrEnum)


class StateMachine(Generic[S]):
    """A table of transitions `{(from, to): reason}`."""

    def __init__(self, name: str, edges: Mapping[tuple[S, S], str]) -> None:
        self.name = name
        self.edges = dict(edges)

    def require(self, current: S, target: S) -> str:
        """The reason of the edge. Raises NotAllowed when there is none."""
        reason = self.edges.get((current, target))
        if reason is None:
            ways = ", ".join(state for state, _ in self.next(current)) or "geen"
            raise NotAllowed(
                f"{self.name} kan niet van '{current}' naar '{target}'; mogelijk: {ways}",
                article="toestandsovergang",
            )
        return reason

    def next(self, current: S) -> list[tuple[S, str]]:
        """Where one can go from here, with the reason of each edge."""
        return [(to, why) for (at, to), why in self.edges.items() if at == current]
