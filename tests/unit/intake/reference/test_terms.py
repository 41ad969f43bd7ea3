"""The clocks: working days per urgency, by the terms of the day of receipt."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.letters.domain.mail import PAUSES
from services.intake.reference.domain.lists import DatedTerms, Entry, Reference
from services.intake.reference.domain.terms import ClockKind, Terms
from shared.calendar import is_working_day
from shared.contracts.intake import Urgency
from shared.errors import Refused
from tests.unit.intake.builders import TERMS


@pytest.mark.parametrize(
    ("received", "urgency", "contact", "feedback"),
    [
        (date(2026, 11, 24), Urgency.NORMAL, date(2026, 11, 27), date(2026, 12, 8)),
        # Friday before the weekend.
        (date(2026, 11, 27), Urgency.NORMAL, date(2026, 12, 2), date(2026, 12, 11)),
        # Christmas Day and the day after it do not count.
        (date(2026, 12, 24), Urgency.HIGH, date(2026, 12, 28), date(2027, 1, 4)),
        # An emergency on a Saturday is for that Saturday.
        (date(2026, 11, 28), Urgency.EMERGENCY, date(2026, 11, 28), date(2026, 12, 1)),
    ],
)
def test_terms_count_working_days(
    received: date, urgency: Urgency, contact: date, feedback: date
) -> None:
    assert TERMS.due(urgency, ClockKind.CONTACT, received) == contact
    assert TERMS.due(urgency, ClockKind.FEEDBACK, received) == feedback


@given(
    st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31)),
    st.sampled_from(Urgency),
)
def test_contact_never_comes_after_feedback_and_terms_end_on_working_days(
    received: date, urgency: Urgency
) -> None:
    contact = TERMS.due(urgency, ClockKind.CONTACT, received)
    feedback = TERMS.due(urgency, ClockKind.FEEDBACK, received)
    assert received <= contact <= feedback
    assert is_working_day(feedback)
    assert contact == received or is_working_day(contact)


def later_terms(start: date, days: int) -> DatedTerms:
    same = {(urgency, kind): days for urgency in Urgency for kind in ClockKind}
    return DatedTerms(Terms(2, confirmed=True, days=same), start, None)


def test_old_complaints_keep_the_terms_they_came_under() -> None:
    change = date(2026, 7, 1)
    reference = Reference(
        (), (), (DatedTerms(TERMS, date(2020, 1, 1), change), later_terms(change, 5))
    )
    assert reference.terms_on(change - timedelta(days=1)).version == 1
    assert reference.terms_on(change).version == 2
    assert reference.terms_on(date(2019, 1, 1)).version == 1


def test_a_word_is_used_only_while_it_is_valid() -> None:
    old = Entry("stank", "Stank", date(2020, 1, 1), date(2026, 1, 1))
    new = Entry("geur", "Geur", date(2026, 1, 1))
    reference = Reference((old, new), (), ())
    assert reference.category("geur", date(2026, 1, 1)).name == "Geur"
    with pytest.raises(Refused) as refused:
        reference.category("stank", date(2026, 1, 1))
    assert "geur" in refused.value.params[0].reason
    # What was handled under the old word still reads well.
    assert reference.category_name("stank") == "Stank"
    assert reference.cause_name("weg") == "weg"


def test_a_letter_is_tried_ever_later_within_a_working_day() -> None:
    assert list(PAUSES) == sorted(PAUSES)
    assert sum(PAUSES, timedelta()) < timedelta(hours=12)
