"""Folds of what was told, whole: which fact counts, which version, and every field of the state."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from services.risk.locations.domain.complaint import ComplaintState, merged
from services.risk.locations.domain.facts import (
    Complaint,
    ComplaintFigures,
    Facts,
    Inspection,
    figures,
    months_before,
    months_between,
)
from services.risk.locations.domain.told import (
    Fact,
    MeasureState,
    ViolationState,
    corrected,
    measure_of,
    violation_of,
)
from shared.contracts.enforcement import (
    MeasureImposed,
    MeasureResult,
    ViolationEstablished,
    ViolationResolved,
    ViolationRetracted,
)
from shared.contracts.intake import (
    ComplaintAssessed,
    ComplaintClosed,
    ComplaintReceived,
    ComplaintReopened,
    Outcome,
    Urgency,
)
from shared.ids import new_id
from tests.unit.risk.locations.test_complaints import COMMON, HERE, NOW, THERE, linked
from tests.unit.risk.locations.test_told import (
    ABOUT,
    DAY,
    ESTABLISHED,
    IMPOSED,
    MEASURE,
    OWN,
    PLACE,
    RESOLVED,
    RETRACTED,
    VIOLATION,
    ended,
    positioned,
    told,
)

LATER = DAY + timedelta(days=9)
FIRST, SECOND = new_id(), new_id()
HEARD = ComplaintState(
    id=COMMON["complaint_id"],
    version=5,
    location_id=HERE,
    number="K-2026-000001",
    category="geur",
    received_at=NOW,
    outcome="gegrond",
    outcome_version=5,
    assessed_by=FIRST,
    closed_at=NOW,
    closed_version=5,
)


def test_a_violation_whole() -> None:
    assert violation_of(told(ESTABLISHED)) == ViolationState(
        id=VIOLATION,
        location_id=PLACE,
        number="O-1",
        established_on=DAY,
        nature="geur",
        cell=None,
        resolved_on=None,
        retracted_on=None,
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_facts_of_a_kind_the_newest_version_counts(*, turned: bool) -> None:
    again = ViolationEstablished(
        **ABOUT, version=9, inspection_id=new_id(), established_on=LATER, nature="geluid"
    )
    ends = ViolationResolved(**ABOUT, version=9, resolved_on=LATER)
    gone = ViolationRetracted(**ABOUT, version=9, retracted_on=LATER)
    facts = told(ESTABLISHED, again, RESOLVED, ends, RETRACTED, gone)
    state = violation_of(facts[::-1] if turned else facts)
    assert state is not None
    assert (state.established_on, state.nature) == (LATER, "geluid")
    assert (state.resolved_on, state.retracted_on) == (LATER, LATER)


def test_the_newest_earlier_position_is_corrected() -> None:
    facts = told(positioned(2, "A1"), positioned(3, "B2"), positioned(5, "C3"))
    assert corrected(positioned(4, "D4"), facts) == facts[1].id
    assert corrected(positioned(3, "D4"), facts) == facts[1].id
    assert corrected(positioned(5, "D4"), facts[::-1]) == facts[2].id
    assert corrected(positioned(1, "D4"), facts) is None
    assert corrected(RESOLVED, facts) is None


def test_a_measure_whole() -> None:
    running = MeasureState(
        id=MEASURE,
        location_id=PLACE,
        violation_id=VIOLATION,
        number="O-1",
        instrument="bestuurlijke boete",
        decided_on=DAY,
        ended_on=None,
        withdrawn_on=None,
    )
    assert measure_of(told(IMPOSED)) == running
    carried_out = told(IMPOSED, ended(MeasureResult.EXECUTED))
    assert measure_of(carried_out) == running._replace(ended_on=DAY)
    withdrawn = told(IMPOSED, ended(MeasureResult.WITHDRAWN))
    assert measure_of(withdrawn) == running._replace(ended_on=DAY, withdrawn_on=DAY)
    again = MeasureImposed(**OWN, version=4, decided_on=LATER, deviates=False)
    facts = told(IMPOSED, again)
    assert measure_of(facts) == measure_of(facts[::-1]) == running._replace(decided_on=LATER)


def test_a_measure_withdrawn_before_it_was_told_corrects_nothing() -> None:
    later = Fact(new_id(), IMPOSED.model_copy(update={"version": 9}), NOW)
    assert corrected(ended(MeasureResult.WITHDRAWN), [later]) is None


def test_a_complaint_as_it_is_first_heard_of() -> None:
    received = ComplaintReceived(
        **COMMON, version=3, channel="web", urgency=Urgency.NORMAL, occurred_at=NOW
    )
    assert merged(None, received, FIRST) == ComplaintState(
        id=COMMON["complaint_id"],
        version=3,
        location_id=None,
        number="K-2026-000001",
        category="geur",
        received_at=NOW,
    )
    only = ComplaintReopened(**COMMON, version=1, location_id=HERE, reopened_at=NOW)
    assert merged(None, only, FIRST).location_id == HERE


def test_the_place_and_category_of_the_newest_version_count() -> None:
    other: dict[str, Any] = {**COMMON, "category": "geluid"}
    same = ComplaintReopened(**other, version=5, location_id=THERE, reopened_at=NOW)
    assert merged(HEARD, same, SECOND) == HEARD._replace(
        location_id=THERE,
        category="geluid",
        outcome=None,
        assessed_by=None,
        closed_at=None,
    )
    older = HEARD._replace(version=6)
    assert merged(older, same, SECOND).category == "geur"
    placeless = ComplaintReopened(**COMMON, version=6, location_id=None, reopened_at=NOW)
    assert merged(HEARD, placeless, SECOND).location_id == HERE
    assert merged(HEARD, linked(6, THERE), SECOND).location_id == THERE


@pytest.mark.parametrize(("version", "counts"), [(4, False), (5, True), (6, True)])
def test_an_older_assessment_or_close_changes_nothing(version: int, *, counts: bool) -> None:
    assessed = ComplaintAssessed(
        **COMMON, version=version, outcome=Outcome.UNJUSTIFIED, assessed_at=NOW
    )
    state = merged(HEARD, assessed, SECOND)
    expected = ("ongegrond", version, SECOND) if counts else ("gegrond", 5, FIRST)
    assert (state.outcome, state.outcome_version, state.assessed_by) == expected
    moment = datetime(2026, 12, 1, tzinfo=NOW.tzinfo)
    closed = ComplaintClosed(**COMMON, version=version, closed_at=moment, within_term=True)
    state = merged(HEARD, closed, SECOND)
    assert (state.closed_at, state.closed_version) == ((moment, version) if counts else (NOW, 5))


@pytest.mark.parametrize(("version", "counts"), [(4, False), (5, True), (6, True)])
def test_reopening_undoes_what_is_not_newer(version: int, *, counts: bool) -> None:
    reopened = ComplaintReopened(**COMMON, version=version, reopened_at=NOW)
    state = merged(HEARD, reopened, SECOND)
    kept = ("gegrond", 5, FIRST, NOW, 5)
    found = (
        state.outcome,
        state.outcome_version,
        state.assessed_by,
        state.closed_at,
        state.closed_version,
    )
    assert found == ((None, version, None, None, version) if counts else kept)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 12, date(2025, 12, 31)),
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
    ],
)
def test_months_before_and_back(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
    assert months_between(before, day) == months


def test_complaints_are_counted_with_their_number() -> None:
    today = date(2026, 11, 24)
    counted = figures(
        (
            Complaint(date(2025, 11, 25), justified=True, count=2),
            Complaint(date(2025, 11, 24), justified=True, count=3, closed=True),
            Complaint(date(2024, 11, 25), justified=False, count=4),
            Complaint(date(2024, 11, 24), justified=True, count=5, closed=True),
        ),
        today,
    )
    assert counted == ComplaintFigures(
        received_year=2, received_two_years=9, justified_year=2, justified_two_years=5, open=6
    )


def test_the_last_inspection_is_the_newest_and_of_one_day_the_highest_number() -> None:
    early, late = Inspection(date(2025, 1, 1), "C-9"), Inspection(date(2026, 1, 1), "C-1")
    again = replace(late, number="C-2")
    assert Facts(inspections=(again, early, late)).last_inspection is again
    assert Facts().last_inspection is None
