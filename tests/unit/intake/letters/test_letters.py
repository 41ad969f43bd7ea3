"""The letters: plain Dutch, complete, and never more than the complainant may know."""

from datetime import date

import pytest

from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About, CaseFacts
from shared.contracts.intake import Outcome, Urgency
from tests.unit.intake.builders import TERMS

ABOUT = About(
    number="K-2026-000123",
    category="Geur of stank",
    received_on=date(2026, 11, 24),
    agency="Omgevingsdienst (voorbeeld)",
    name="J. Voorbeeld",
)


def test_the_receipt_says_the_number_and_until_when() -> None:
    letter = letters.receipt(ABOUT, TERMS, Urgency.NORMAL)
    assert "K-2026-000123" in letter.subject
    assert letter.text.startswith("Beste J. Voorbeeld,\n")
    assert "uiterlijk 8 december 2026" in letter.text
    assert letter.text.endswith("Omgevingsdienst (voorbeeld)\n")


def test_without_a_name_it_is_still_a_letter() -> None:
    nameless = About(
        number=ABOUT.number,
        category=ABOUT.category,
        received_on=ABOUT.received_on,
        agency=ABOUT.agency,
        name=None,
    )
    assert letters.receipt(nameless, TERMS, Urgency.HIGH).text.startswith("Beste melder,")


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_has_its_sentence(outcome: Outcome) -> None:
    text = letters.answer(ABOUT, outcome, "Wij zagen niets.", None, CaseFacts()).text
    assert "Wij zagen niets." in text
    assert "noem nummer K-2026-000123" in text
    assert "gecontroleerd" not in text


def test_the_answer_tells_what_was_done() -> None:
    facts = CaseFacts((date(2026, 11, 25), date(2026, 12, 1)), violations=2, resolved=1, measures=1)
    text = letters.answer(ABOUT, Outcome.JUSTIFIED, "…", "Storing", facts).text
    assert "gecontroleerd op 25 november 2026 en 1 december 2026" in text
    assert "2 overtredingen. Wij zorgen ervoor" in text
    assert "maatregel opgelegd" in text
    assert "De oorzaak: storing." in text


def test_what_was_put_right_is_told_so() -> None:
    facts = CaseFacts((date(2026, 11, 25),), violations=1, resolved=1)
    text = letters.answer(ABOUT, Outcome.JUSTIFIED, "…", None, facts).text
    assert "1 overtreding. Dat is inmiddels in orde gemaakt." in text


def test_forwarding_names_who_goes_on_with_it() -> None:
    letter = letters.forwarded(ABOUT, "Waterschap (voorbeeld)")
    assert "Waterschap (voorbeeld)" in letter.text
    assert "doorgestuurd" in letter.subject


@pytest.mark.parametrize(
    "name", ["J. Voorbeeld", "Drs. A.-M. de Vries-Ozgur", "Zoe O'Neil", "J.P."]
)
def test_a_letter_greets_by_name(name: str) -> None:
    assert letters.is_name(name)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "x" * 101,
        "J. Voorbeeld\nU hebt een prijs gewonnen",
        "Klik op www.voorbeeld.nl",
        "https://voorbeeld",
        "Win bij voorbeeld.com",
        "J.\u2028Voorbeeld",
    ],
)
def test_a_name_that_is_a_message_is_not_sent_to_somebody_else(name: str | None) -> None:
    assert not letters.is_name(name)
    about = About(
        number="K-2026-000001",
        category="Geur",
        received_on=date(2026, 11, 24),
        agency="Omgevingsdienst",
        name=name,
    )
    letter = letters.receipt(about, TERMS, Urgency.NORMAL)
    assert letter.text.startswith("Beste melder,\n")
