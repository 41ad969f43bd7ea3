"""Which locations to visit: strictly in the order of the ranking, until one does not fit.

What comes after it is not chosen either, also when it takes fewer hours: a lighter location never
takes the place of a heavier one. Hours may be left over, and the programme says so.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final


class Ranking(StrEnum):
    """What comes first: the highest score, or the most score for an hour."""

    SCORE = "score"
    SCORE_PER_HOUR = "score-per-uur"


class Reason(StrEnum):
    """Why a location is or is not in the programme."""

    CHOSEN = "gekozen"
    DOES_NOT_FIT = "past niet"
    BELOW = "na de eerste die niet past"


RULE: Final = (
    "Op volgorde van de rangschikking, tot de eerste locatie die niet meer in de uren past; wat "
    "daarna komt wordt niet gekozen, ook niet als het minder uren kost."
)


@dataclass(frozen=True, slots=True)
class Request:
    """For how many hours, of which participant, in which order."""

    hours: int
    participant: str | None = None
    ranking: Ranking = Ranking.SCORE


@dataclass(frozen=True, slots=True)
class Programme:
    """What the hours suffice for; `threshold` is the score of the last that was chosen by rank.

    `passed_over` counts the locations with a higher score than that which are not chosen: it is
    above 0 only where fewer hours make a lighter location come first.
    """

    hours: Decimal
    used: Decimal
    chosen: int
    candidates: int
    threshold: Decimal | None
    passed_over: int

    def reason(self, rank: int) -> Reason:
        """Why the location at this place in the ranking is or is not chosen."""
        if rank <= self.chosen:
            return Reason.CHOSEN
        return Reason.DOES_NOT_FIT if rank == self.chosen + 1 else Reason.BELOW

    @property
    def left(self) -> Decimal:
        """The hours that nobody gets."""
        return self.hours - self.used
