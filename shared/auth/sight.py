"""Whose rows a caller may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Sight:
    """Everybody's rows in so many words, or those of named participants; never the absence of one.

    `of()` without a name sees nothing at all, so that a forgotten value hides rows.
    """

    everyone: bool
    participants: frozenset[str]

    ALL: ClassVar["Sight"]

    def __post_init__(self) -> None:
        if self.everyone and self.participants:
            raise ValueError("either everyone's rows or those of named participants")

    @classmethod
    def of(cls, participants: Iterable[str]) -> "Sight":
        """The rows of these participants alone. Raises TypeError for one bare name."""
        if isinstance(participants, str):
            raise TypeError("give the participants as a collection of names")
        return cls(everyone=False, participants=frozenset(participants))

    def sees(self, participant: str | None) -> bool:
        """Whether the participant's rows are visible; a row without one is so for everyone only."""
        return self.everyone or participant in self.participants

    def covers(self, other: "Sight") -> bool:
        """Whether everything that the other sees is visible here too."""
        return self.everyone or (not other.everyone and other.participants <= self.participants)


Sight.ALL = Sight(everyone=True, participants=frozenset())
