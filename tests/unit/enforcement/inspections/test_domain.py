"""CIm VTH FLo, Controle and Bevinding: what is found becomes final, and is a violation once."""

from datetime import date, timedelta

import pytest

from services.enforcement.inspections import domain as rules
from services.enforcement.inspections.domain import FindingResult, InspectionState, Trigger
from services.enforcement.violations.domain import establish
from shared.ids import new_id
from tests.unit.enforcement.cases import TODAY, a_finding, an_inspection, refused, wrong

VIOLATED, COMPLIANT = FindingResult.VIOLATED, FindingResult.COMPLIANT


def test_completing_makes_the_findings_final() -> None:
    done, event = rules.complete(an_inspection(), [a_finding()], TODAY, TODAY)
    assert done.state is InspectionState.COMPLETED
    assert (event.findings, event.violations, event.completed_on) == (1, 1, TODAY)
    with refused("CIm VTH FLo"):
        rules.record(done, a_finding())
    with refused("toestandsovergang"):
        rules.complete(done, [a_finding()], TODAY, TODAY)


def test_an_inspection_without_findings_is_not_completed() -> None:
    with refused("Bevinding"):
        rules.complete(an_inspection(), [], TODAY, TODAY)


def test_it_is_not_completed_in_the_future() -> None:
    with wrong("completed_on"):
        rules.complete(an_inspection(), [a_finding()], TODAY + timedelta(days=1), TODAY)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1989, 12, 31), date(2100, 1, 1), date.max])
def test_a_day_that_must_be_a_typing_error_is_refused(day: date) -> None:
    with wrong("planned_on"):
        rules.plan(an_inspection(planned_on=day))


def test_only_rules_that_were_broken_establish_a_violation() -> None:
    findings = [a_finding(result) for result in FindingResult]
    assert [each.result for each in rules.new_violations(findings)] == [VIOLATED]


def test_the_same_violation_at_a_reinspection_is_a_new_finding_and_no_new_violation() -> None:
    violation_id = new_id()
    again = an_inspection(violation_id=violation_id)
    _, known = rules.record(again, a_finding())
    assert known.violation_id == violation_id
    assert rules.new_violations([known]) == []
    _, other = rules.record(again, a_finding(), elsewhere=True)
    assert rules.new_violations([other]) == [other]


def test_a_reinspection_says_something_of_the_violation_it_is_held_for() -> None:
    again = an_inspection(violation_id=new_id())
    with refused("hercontrole"):
        rules.complete(again, [a_finding()], TODAY, TODAY)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ((COMPLIANT,), True),
        ((FindingResult.AGREED,), True),
        ((FindingResult.NOT_APPLICABLE,), True),
        ((VIOLATED,), False),
        ((COMPLIANT, VIOLATED), False),
        ((FindingResult.FURTHER,), None),
        ((COMPLIANT, FindingResult.FURTHER), None),
        ((), None),
    ],
)
def test_whether_the_violation_has_ended(
    results: tuple[FindingResult, ...], expected: bool | None
) -> None:
    violation_id = new_id()
    findings = [a_finding(result, violation_id) for result in results]
    assert rules.repaired([*findings, a_finding(VIOLATED, new_id())], violation_id) is expected


def test_why_an_inspection_is_held() -> None:
    assert rules.trigger_of(None, None) is Trigger.PLAN
    assert rules.trigger_of(new_id(), None) is Trigger.INCIDENT
    assert rules.trigger_of(new_id(), new_id()) is Trigger.VIOLATION


def test_a_violation_carries_what_the_inspector_found() -> None:
    done, _ = rules.complete(an_inspection(), [a_finding()], TODAY, TODAY)
    violation, event = establish(done, a_finding(), new_id(), "OV-2026-000001")
    assert (violation.nature, violation.rule) == ("geur", "Bal 4.1")
    assert violation.established_on == event.established_on == TODAY
    assert (event.inspection_id, event.participant) == (done.id, "gm0153")
    assert violation.cell is None
