"""Which locations to visit: the ranking, filled up to the hours there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Ranking(StrEnum):
    """What comes first: the highest score, or the most score for an hour."""

    SCORE = "score"
    SCORE_PER_HOUR = "score-per-uur"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A location that competes for hours."""

    location_id: str
    total: Decimal
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Programme:
    """The chosen locations; `threshold` is the lowest score that still got hours."""

    chosen: tuple[Candidate, ...]
    used: Decimal
    threshold: Decimal | None


def programme(
    candidates: Iterable[Candidate], hours: Decimal, ranking: Ranking = Ranking.SCORE
) -> Programme:
    """Fill the hours greedily; equal scores in the order of their ids, so that it can be redone."""
    chosen: list[Candidate] = []
    left = hours
    for candidate in sorted(candidates, key=lambda c: (-_worth(c, ranking), c.location_id)):
        if candidate.hours <= left:
            chosen.append(candidate)
            left -= candidate.hours
    threshold = min((candidate.total for candidate in chosen), default=None)
    return Programme(tuple(chosen), hours - left, threshold)


def _worth(candidate: Candidate, ranking: Ranking) -> Decimal:
    if ranking is Ranking.SCORE or not candidate.hours:
        return candidate.total
    return candidate.total / candidate.hours
