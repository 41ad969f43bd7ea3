"""Recidivism (LHSO p. 14, Leidraad 2023 p. 4): a window, likeness, an answer without effect."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.policy.domain.dated_policy import (
    ENDED_AFTER_INTENTION,
    Earlier,
    Kinship,
    Match,
    Policy,
    months_before,
    suggest,
)
from shared.calendar import legal_day
from shared.ids import new_id
from tests.support.seeds import rows_of
from tests.unit.enforcement.cases import TODAY

KIN = Kinship("Bal 4.1", "geur", "milieu")


def a_policy(**changes: Any) -> Policy:
    row = rows_of("enforcement", "policy")[0]
    values = {name: row[name] for name in Policy.__dataclass_fields__}
    values["recidivism_match"] = Match(row["recidivism_match"])
    return replace(Policy(**values), **changes)


def an_earlier(on: date, kin: Kinship = KIN, *instruments: str) -> Earlier:
    return Earlier(new_id(), "OV-2022-000001", on, kin, instruments or ("last onder dwangsom",))


def test_a_like_violation_within_the_window_that_was_acted_on_is_recidivism() -> None:
    earlier = an_earlier(date(2023, 1, 1))
    found = suggest(a_policy(), KIN, TODAY, [earlier])
    assert found.recidivism
    assert found.grounds == (earlier,)
    assert "voorbeeldwaarden" in found.explanation


@pytest.mark.parametrize(
    "earlier",
    [
        an_earlier(date(2021, 11, 23)),
        an_earlier(TODAY),
        an_earlier(date(2023, 1, 1), Kinship("Bal 9", "geluid", "milieu")),
        an_earlier(date(2023, 1, 1), KIN, "waarschuwing"),
    ],
    ids=["before the window", "the same day", "another kind", "only a warning"],
)
def test_what_is_no_recidivism(earlier: Earlier) -> None:
    assert not suggest(a_policy(), KIN, TODAY, [earlier]).recidivism


def test_the_window_includes_its_first_day() -> None:
    assert suggest(a_policy(), KIN, TODAY, [an_earlier(date(2021, 11, 24))]).recidivism


def test_an_intention_that_ended_the_violation_counts() -> None:
    earlier = an_earlier(date(2024, 1, 1), KIN, ENDED_AFTER_INTENTION)
    assert suggest(a_policy(), KIN, TODAY, [earlier]).recidivism


@pytest.mark.parametrize(
    ("match", "kin", "expected"),
    [
        (Match.RULE, Kinship("Bal 4.1", "geluid", "bouw"), True),
        (Match.RULE, Kinship(None, "geur", "milieu"), False),
        (Match.NATURE, Kinship(None, "geur", None), True),
        (Match.DOMAIN, Kinship(None, "geluid", "milieu"), True),
        (Match.DOMAIN, Kinship(None, "geluid", "bouw"), False),
    ],
)
def test_likeness_is_policy(match: Match, kin: Kinship, expected: bool) -> None:
    policy = a_policy(recidivism_match=match)
    assert suggest(policy, KIN, TODAY, [an_earlier(date(2024, 1, 1), kin)]).recidivism is expected


def test_two_violations_without_a_rule_are_not_alike_by_rule() -> None:
    nothing = Kinship(None, "geur", "milieu")
    policy = a_policy(recidivism_match=Match.RULE)
    earlier = an_earlier(date(2024, 1, 1), nothing)
    assert not suggest(policy, nothing, TODAY, [earlier]).recidivism


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)), st.integers(0, 240))
def test_months_back_and_no_further(day: date, months: int) -> None:
    before = months_before(day, months)
    assert (day.year - before.year) * 12 + day.month - before.month == months
    assert before.day == day.day or (before.day < day.day and before.day >= 28)


def test_what_was_suggested_is_kept_with_the_positioning() -> None:
    earlier = an_earlier(date(2026, 1, 1), KIN, "waarschuwing", "last onder dwangsom")
    found = suggest(a_policy(), KIN, TODAY, [earlier])
    kept = found.record()
    assert kept["recidive"] is found.recidivism
    assert kept["overtredingen"] == [each.number for each in found.grounds]
    assert kept["toelichting"] == found.explanation


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.sampled_from(["hoog", "onbekend"]))
def test_an_inspection_that_is_asked_for_is_planned_on_a_working_day(
    today: date, urgency: str
) -> None:
    planned = a_policy(planning_days={"hoog": 2}).planned_on(urgency, today)
    assert planned > today
    assert legal_day(planned) == planned
    assert planned <= today + timedelta(days=40)


def test_an_urgency_without_a_term_gets_two_weeks() -> None:
    monday = date(2026, 6, 8)
    assert a_policy(planning_days={"hoog": 2}).planned_on("hoog", monday) == date(2026, 6, 10)
    assert a_policy(planning_days={}).planned_on("hoog", monday) == date(2026, 6, 22)
