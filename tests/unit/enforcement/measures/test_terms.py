"""Terms: each with its article; the Algemene termijnenwet moves the end of days and weeks."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.measures.domain import terms
from services.enforcement.measures.domain.terms import ARTICLES, LAPSING, NEXT, Term, TermKind
from shared.calendar import legal_day
from shared.ids import new_id

DAYS = st.dates(date(1990, 1, 1), date(2099, 12, 31))
FORFEITURE = new_id()
MOVED: dict[TermKind, tuple[Callable[[date], Term], int]] = {
    TermKind.HEARING: (lambda day: terms.hearing(day, 14), 14),
    TermKind.OBJECTION: (terms.objection, 42),
    TermKind.COMPLIANCE: (lambda day: terms.compliance(day, 28, order=True), 28),
    TermKind.REPAIR: (lambda day: terms.compliance(day, 28, order=False), 28),
    TermKind.PAYMENT: (partial(terms.payment, forfeiture_id=FORFEITURE), 42),
}


@pytest.mark.parametrize("kind", MOVED)
@given(DAYS)
def test_a_term_starts_the_day_after_and_ends_on_the_first_working_day(
    kind: TermKind, day: date
) -> None:
    start, length = MOVED[kind]
    term = start(day)
    assert term.kind is kind
    assert term.starts_on == day + timedelta(days=1)
    nominal = day + timedelta(days=length)
    assert term.ends_on == legal_day(nominal)
    assert nominal <= term.ends_on <= nominal + timedelta(days=5)


@given(DAYS)
def test_prescription_is_a_year_and_is_not_moved(day: date) -> None:
    """Algemene termijnenwet, art. 4: not for terms in years."""
    term = terms.prescription(day, FORFEITURE)
    assert term.forfeiture_id == FORFEITURE
    assert (term.ends_on.year, term.ends_on.month) == (day.year + 1, day.month)
    assert term.ends_on.day in {day.day, day.day - 1}
    assert timedelta(days=365) <= term.ends_on - day <= timedelta(days=366)


def test_a_year_after_leap_day_is_the_last_of_february() -> None:
    assert terms.a_year_after(date(2024, 2, 29)) == date(2025, 2, 28)
    assert terms.a_year_after(date(2023, 2, 28)) == date(2024, 2, 28)


@pytest.mark.parametrize("kind", TermKind)
def test_every_term_has_its_article_and_says_what_comes_next(kind: TermKind) -> None:
    term = Term(kind, date(2026, 1, 1), date(2026, 1, 2))
    assert term.article == ARTICLES[kind]
    assert NEXT[kind].endswith(".")
    assert term.lapses == (kind in LAPSING)


def test_only_objection_ends_by_itself() -> None:
    assert {TermKind.OBJECTION} == LAPSING
