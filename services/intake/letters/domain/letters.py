"""The letters to a complainant, in plain Dutch (B1): what happens now, and what was found.

A letter says what the agency did, never what a company was told: that is another file.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.intake.reference.domain.terms import ClockKind, Terms
from shared.calendar import MONTHS
from shared.contracts.intake import Outcome, Urgency


@dataclass(frozen=True, slots=True)
class Written:
    """A letter, ready to be sealed and sent."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What every letter is about."""

    number: str
    category: str
    received_on: date
    agency: str
    name: str | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What supervision and enforcement did about the incident."""

    inspected_on: tuple[date, ...] = ()
    violations: int = 0
    resolved: int = 0
    measures: int = 0


_FOUND: Final = {
    Outcome.JUSTIFIED: "Uw klacht is gegrond: wij hebben vastgesteld dat u overlast had.",
    Outcome.UNJUSTIFIED: "Uw klacht is niet gegrond: wij hebben geen overtreding vastgesteld.",
    Outcome.UNVERIFIABLE: "Wij konden niet vaststellen waar de overlast vandaan kwam.",
    Outcome.FOR_INFORMATION: "Wij hebben uw melding bewaard. Wij gebruiken haar bij ons toezicht.",
}


# An address of a site in a name would go out under the agency's own name.
_SITE: Final = re.compile(r"://|www\.|[\w-]{2,}\.[a-z]{2,}\b", re.IGNORECASE)
_LONGEST_NAME: Final = 100


def is_name(text: str | None) -> bool:
    """Whether a letter may greet somebody by this: one line, not too long, no address of a site.

    A letter goes to an address that anybody may have typed.
    """
    if not text or len(text) > _LONGEST_NAME or not text.isprintable():
        return False
    return _SITE.search(text) is None


def written(day: date) -> str:
    """A day as people write it: 24 november 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def receipt(about: About, terms: Terms, urgency: Urgency) -> Written:
    """We have your complaint, and this is what happens next."""
    feedback = terms.due(urgency, ClockKind.FEEDBACK, about.received_on)
    return _letter(
        about,
        f"Wij hebben uw klacht ontvangen ({about.number})",
        [
            (
                f"U meldde op {written(about.received_on)} overlast: {about.category.lower()}. "
                f"Uw klacht heeft nummer {about.number}."
            ),
            (
                "Wat gebeurt er nu?\n"
                "1. Wij bekijken uw klacht en zoeken uit waar de overlast vandaan komt.\n"
                "2. Als het nodig is, gaan wij kijken. Misschien bellen wij u met een vraag.\n"
                f"3. U hoort uiterlijk {written(feedback)} van ons wat wij hebben gedaan."
            ),
            "Is er direct gevaar? Bel 112.",
            "Wij geven uw naam en uw gegevens niet door aan het bedrijf.",
        ],
    )


def answer(
    about: About, outcome: Outcome, explanation: str, cause: str | None, facts: CaseFacts
) -> Written:
    """What we found and what we did."""
    return _letter(
        about,
        f"Antwoord op uw klacht {about.number}",
        [
            (
                f"U meldde op {written(about.received_on)} overlast: {about.category.lower()}. "
                "Hieronder leest u wat wij hebben gedaan."
            ),
            _FOUND[outcome] + (f" De oorzaak: {cause.lower()}." if cause else ""),
            explanation,
            *_done(facts),
            f"Hebt u nog steeds overlast? Meld het opnieuw en noem nummer {about.number}.",
        ],
    )


def forwarded(about: About, to: str) -> Written:
    """Somebody else is competent, and has your complaint now."""
    return _letter(
        about,
        f"Uw klacht {about.number} is doorgestuurd",
        [
            f"U meldde op {written(about.received_on)} overlast: {about.category.lower()}.",
            (
                "Wij gaan niet over deze overlast. Daarom hebben wij uw klacht gestuurd naar: "
                f"{to}. "
                "U hoort van hen wat er verder gebeurt."
            ),
        ],
    )


def _done(facts: CaseFacts) -> Iterable[str]:
    if facts.inspected_on:
        days = " en ".join(written(day) for day in facts.inspected_on)
        yield f"Wij hebben gecontroleerd op {days}."
    if facts.violations:
        yield _violations(facts)
    if facts.measures:
        yield (
            "Wij hebben een maatregel opgelegd, zodat de overlast stopt. Wij controleren of het "
            "bedrijf zich daaraan houdt."
        )


def _violations(facts: CaseFacts) -> str:
    found = (
        "Daarbij vonden wij 1 overtreding."
        if facts.violations == 1
        else (f"Daarbij vonden wij {facts.violations} overtredingen.")
    )
    if facts.resolved >= facts.violations:
        return f"{found} Dat is inmiddels in orde gemaakt."
    return f"{found} Wij zorgen ervoor dat dit in orde wordt gemaakt."


def _letter(about: About, subject: str, parts: list[str]) -> Written:
    greeting = f"Beste {about.name}," if is_name(about.name) else "Beste melder,"
    ending = f"Met vriendelijke groet,\n{about.agency}"
    return Written(subject, "\n\n".join([greeting, *filter(None, parts), ending]) + "\n")
