"""Words of a list on a day, what is said of a word that is not there, and when mail goes again."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from services.intake.letters.sending import letters
from services.intake.reference.domain.lists import DatedTerms, Entry, Reference
from services.intake.reporters.domain import Reporter
from shared.errors import Invalid, InvalidParam
from tests.unit.intake.builders import TERMS

START, END = date(2026, 1, 1), date(2027, 1, 1)
OPEN_ENDED = Entry("geur", "Geur", START)
ENDED = Entry("stank", "Stank", START, END)
REFERENCE = Reference((OPEN_ENDED, ENDED), (ENDED, OPEN_ENDED), (DatedTerms(TERMS, START, END),))


@pytest.mark.parametrize(
    ("day", "codes"),
    [
        (date(2025, 12, 31), []),
        (START, ["geur", "stank"]),
        (date(2026, 12, 31), ["geur", "stank"]),
        (END, ["geur"]),
    ],
)
def test_the_words_of_a_day(day: date, codes: list[str]) -> None:
    assert [entry.code for entry in REFERENCE.categories_on(day)] == codes
    assert [entry.code for entry in REFERENCE.causes_on(day)] == codes[::-1]
    assert DatedTerms(TERMS, START, END).valid_on(day) is ("stank" in codes)
    assert DatedTerms(TERMS, START, None).valid_on(day) is ("geur" in codes)


def test_a_word_by_its_code() -> None:
    assert REFERENCE.category("stank", START) is ENDED
    assert REFERENCE.cause("geur", START) is OPEN_ENDED
    assert REFERENCE.cause(None, START) is None


@pytest.mark.parametrize(
    ("look", "field", "reason"),
    [
        (REFERENCE.category, "category", "Kies een van: geur, stank."),
        (REFERENCE.cause, "cause", "Kies een van: stank, geur."),
    ],
)
def test_a_word_that_is_not_in_use(look: Callable[..., Any], field: str, reason: str) -> None:
    with pytest.raises(Invalid) as caught:
        look("geluid", START)
    assert caught.value.params == (InvalidParam(field, "onbekend", reason),)


def test_names_are_found_in_use_or_not() -> None:
    assert REFERENCE.category_name("stank") == REFERENCE.cause_name("stank") == "Stank"
    assert REFERENCE.category_name("geur") == REFERENCE.cause_name("geur") == "Geur"
    assert REFERENCE.category_name("weg") == REFERENCE.cause_name("weg") == "weg"


def test_before_the_first_terms_the_first_count() -> None:
    late = DatedTerms(TERMS, END, None)
    first = DatedTerms(type(TERMS)(2, confirmed=True, days=TERMS.days), START, END)
    reference = Reference((), (), (late, first))
    assert reference.terms_on(date(2020, 1, 1)).version == 2
    assert reference.terms_on(END).version == 1


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 30), (4, 120), (5, 480)])
def test_mail_is_tried_again_after_a_pause(attempts: int, minutes: int) -> None:
    assert letters().pause(attempts) == timedelta(minutes=minutes)


def test_mail_that_failed_six_times_needs_a_person() -> None:
    assert letters().pause(6) is None


@pytest.mark.parametrize(
    ("reporter", "known"),
    [
        (Reporter(), False),
        (Reporter(reachable="'s avonds"), False),
        (Reporter(name="J. Voorbeeld"), True),
        (Reporter(phone="0612345678"), True),
        (Reporter(email="j@example.org"), True),
    ],
)
def test_a_reporter_is_known_by_name_phone_or_mail(reporter: Reporter, *, known: bool) -> None:
    assert bool(reporter) is known
