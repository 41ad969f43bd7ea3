"""Versioned policy around the matrix: terms by practice, and what counts as recidivism."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from shared.calendar import add_working_days

# Beside instruments: the intention alone made the offender stop.
ENDED_AFTER_INTENTION: Final = "beëindigd na voornemen"


class Match(StrEnum):
    """How much alike an earlier violation must be."""

    RULE = "zelfde voorschrift"
    NATURE = "zelfde soort"
    DOMAIN = "zelfde domein"


_ALIKE = {
    Match.RULE: "van hetzelfde voorschrift",
    Match.NATURE: "van dezelfde soort",
    Match.DOMAIN: "in hetzelfde domein",
}


@dataclass(frozen=True, slots=True)
class Policy:
    """One version; an example until the agency adopts its own."""

    version: int
    hearing_days: int
    recidivism_months: int
    recidivism_match: Match
    qualifying: tuple[str, ...]
    planning_days: Mapping[str, int]
    confirmed: bool = False

    def planned_on(self, urgency: str, today: date) -> date:
        """When an inspection that was asked for should be held."""
        return add_working_days(today, self.planning_days.get(urgency, 10))


@dataclass(frozen=True, slots=True)
class Kinship:
    """What makes violations alike."""

    rule: str | None
    nature: str
    domain: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier violation at the location, with how it was answered."""

    id: UUID
    number: str
    established_on: date
    kinship: Kinship
    instruments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Whether this looks like recidivism, and because of which cases. A person decides."""

    recidivism: bool
    grounds: tuple[Earlier, ...]
    explanation: str

    def record(self) -> dict[str, Any]:
        """As it is kept with the positioning."""
        return {
            "recidive": self.recidivism,
            "toelichting": self.explanation,
            "overtredingen": [each.number for each in self.grounds],
        }


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier, or the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def suggest(
    policy: Policy, kinship: Kinship, established_on: date, earlier: Sequence[Earlier]
) -> Suggestion:
    """Recidivism when a like violation in the window was met with a qualifying measure (LHSO)."""
    since = months_before(established_on, policy.recidivism_months)
    grounds = tuple(
        each
        for each in earlier
        if since <= each.established_on < established_on
        and _alike(policy.recidivism_match, kinship, each.kinship)
        and set(each.instruments) & set(policy.qualifying)
    )
    return Suggestion(bool(grounds), grounds, _explained(policy, since, len(grounds)))


def _alike(match: Match, one: Kinship, other: Kinship) -> bool:
    if match is Match.RULE:
        return one.rule is not None and one.rule == other.rule
    if match is Match.NATURE:
        return one.nature == other.nature
    return one.domain is not None and one.domain == other.domain


def _explained(policy: Policy, since: date, count: int) -> str:
    found = f"{count or 'Geen'} eerdere {'overtreding' if count < 2 else 'overtredingen'}"
    return (
        f"{found} {_ALIKE[policy.recidivism_match]} sinds {since:%d-%m-%Y} waartegen is opgetreden "
        f"(beleid versie {policy.version}{'' if policy.confirmed else ', voorbeeldwaarden'})"
    )
