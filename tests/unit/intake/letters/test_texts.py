"""The letters to the letter: what a citizen reads is decided here, sentence by sentence."""

from dataclasses import replace
from datetime import date

import pytest

from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About, CaseFacts, Written
from shared.contracts.intake import Outcome, Urgency
from tests.unit.intake.builders import TERMS

ABOUT = About(
    number="K-2026-000123",
    category="Geur of Stank",
    received_on=date(2026, 11, 24),
    agency="Omgevingsdienst (voorbeeld)",
    name="J. Voorbeeld",
)
FIRST = "Beste J. Voorbeeld,"
LAST = "Met vriendelijke groet,\nOmgevingsdienst (voorbeeld)"
REPORTED = "U meldde op 24 november 2026 overlast: geur of stank."
AGAIN = "Hebt u nog steeds overlast? Meld het opnieuw en noem nummer K-2026-000123."
MEASURE = (
    "Wij hebben een maatregel opgelegd, zodat de overlast stopt. "
    "Wij controleren of het bedrijf zich daaraan houdt."
)


def letter(subject: str, *parts: str) -> Written:
    return Written(subject, "\n\n".join([FIRST, *parts, LAST]) + "\n")


def test_the_receipt() -> None:
    assert letters.receipt(ABOUT, TERMS, Urgency.HIGH) == letter(
        "Wij hebben uw klacht ontvangen (K-2026-000123)",
        f"{REPORTED} Uw klacht heeft nummer K-2026-000123.",
        "Wat gebeurt er nu?\n"
        "1. Wij bekijken uw klacht en zoeken uit waar de overlast vandaan komt.\n"
        "2. Als het nodig is, gaan wij kijken. Misschien bellen wij u met een vraag.\n"
        "3. U hoort uiterlijk 1 december 2026 van ons wat wij hebben gedaan.",
        "Is er direct gevaar? Bel 112.",
        "Wij geven uw naam en uw gegevens niet door aan het bedrijf.",
    )


def test_an_answer_without_anything_done() -> None:
    found = "Wij konden niet vaststellen waar de overlast vandaan kwam."
    assert letters.answer(ABOUT, Outcome.UNVERIFIABLE, "", None, CaseFacts()) == letter(
        "Antwoord op uw klacht K-2026-000123",
        f"{REPORTED} Hieronder leest u wat wij hebben gedaan.",
        found,
        AGAIN,
    )


@pytest.mark.parametrize(
    ("violations", "resolved", "sentence"),
    [
        (
            1,
            0,
            "Daarbij vonden wij 1 overtreding. Wij zorgen ervoor dat dit in orde wordt gemaakt.",
        ),
        (1, 1, "Daarbij vonden wij 1 overtreding. Dat is inmiddels in orde gemaakt."),
        (2, 2, "Daarbij vonden wij 2 overtredingen. Dat is inmiddels in orde gemaakt."),
        (
            2,
            1,
            "Daarbij vonden wij 2 overtredingen. Wij zorgen ervoor dat dit in orde wordt gemaakt.",
        ),
    ],
)
def test_an_answer_with_everything_done(violations: int, resolved: int, sentence: str) -> None:
    days = (date(2026, 11, 25), date(2026, 12, 1))
    facts = CaseFacts(days, violations, resolved, measures=1)
    answer = letters.answer(ABOUT, Outcome.JUSTIFIED, "Het filter was stuk.", "Storing", facts)
    assert answer == letter(
        "Antwoord op uw klacht K-2026-000123",
        f"{REPORTED} Hieronder leest u wat wij hebben gedaan.",
        "Uw klacht is gegrond: wij hebben vastgesteld dat u overlast had. De oorzaak: storing.",
        "Het filter was stuk.",
        "Wij hebben gecontroleerd op 25 november 2026 en 1 december 2026.",
        sentence,
        MEASURE,
        AGAIN,
    )


def test_the_letter_of_forwarding() -> None:
    assert letters.forwarded(ABOUT, "Waterschap (voorbeeld)") == letter(
        "Uw klacht K-2026-000123 is doorgestuurd",
        REPORTED,
        "Wij gaan niet over deze overlast. Daarom hebben wij uw klacht gestuurd naar: "
        "Waterschap (voorbeeld). U hoort van hen wat er verder gebeurt.",
    )


def test_somebody_without_a_name_is_greeted_too() -> None:
    nameless = letters.forwarded(replace(ABOUT, name=None), "Elders")
    assert nameless.text.startswith("Beste melder,\n\nU meldde")


@pytest.mark.parametrize(("name", "greets"), [("x" * 100, True), ("x" * 101, False)])
def test_the_longest_name(name: str, *, greets: bool) -> None:
    assert letters.is_name(name) is greets


def test_days_as_people_write_them() -> None:
    assert letters.written(date(2026, 1, 2)) == "2 januari 2026"
    assert letters.written(date(2026, 12, 31)) == "31 december 2026"
