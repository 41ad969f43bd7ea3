"""An inspection whole: what it becomes, what is told, and every refusal by its words."""

from dataclasses import replace
from datetime import date

import pytest

from services.enforcement.inspections import domain as rules
from services.enforcement.inspections.domain import STATES, FindingResult, InspectionState
from shared.contracts.enforcement import InspectionKind
from shared.ids import new_id
from tests.support.refusals import not_allowed, wrong_field
from tests.unit.enforcement.cases import TODAY, a_finding, an_inspection

VISIT = an_inspection(
    version=4, incident_id=new_id(), violation_id=new_id(), planned_on=date(1990, 1, 1)
)
COMMON = {
    "participant": "gm0153",
    "number": "C-2026-000001",
    "location_id": VISIT.location_id,
    "inspection_id": VISIT.id,
    "kind": InspectionKind.PERIODIC,
    "incident_id": VISIT.incident_id,
    "violation_id": VISIT.violation_id,
}
TYPING_ERROR = "Vul een datum in tussen 1990 en 2100."


def test_an_inspection_is_completed_once() -> None:
    assert set(STATES.edges) == {(InspectionState.PLANNED, InspectionState.COMPLETED)}


def test_a_new_inspection_is_told() -> None:
    event = rules.plan(VISIT)
    further = {"version": 4, "planned_on": date(1990, 1, 1), "source_key": None}
    assert event.model_dump() == {**COMMON, **further}
    assert rules.plan(replace(VISIT, planned_on=None)).planned_on is None


@pytest.mark.parametrize("day", [date(1989, 12, 31), date(2100, 1, 1)])
def test_a_day_out_of_this_time_is_refused_by_its_field(day: date) -> None:
    with wrong_field("planned_on", "buiten-bereik", TYPING_ERROR):
        rules.plan(replace(VISIT, planned_on=day))
    with wrong_field("completed_on", "buiten-bereik", TYPING_ERROR):
        rules.past(day, date(2200, 1, 1), "completed_on")


def test_a_day_in_the_future_is_refused_by_its_field() -> None:
    rules.past(TODAY, TODAY, "ended_on")
    reason = "Vul een datum in die niet in de toekomst ligt."
    with wrong_field("ended_on", "in-toekomst", reason):
        rules.past(date(2026, 11, 25), TODAY, "ended_on")


def test_a_finding_makes_a_newer_version() -> None:
    changed, finding = rules.record(VISIT, a_finding())
    assert changed == replace(VISIT, version=5)
    assert finding == a_finding(violation_id=VISIT.violation_id)


def test_completing_whole() -> None:
    seen = [a_finding(violation_id=VISIT.violation_id), a_finding(FindingResult.COMPLIANT)]
    done, event = rules.complete(VISIT, [*seen, a_finding()], TODAY, TODAY)
    assert done == replace(VISIT, version=5, state=InspectionState.COMPLETED, completed_on=TODAY)
    assert event.model_dump() == {
        **COMMON,
        "version": 5,
        "completed_on": TODAY,
        "findings": 3,
        "violations": 2,
    }


def test_refusals() -> None:
    done = replace(VISIT, state=InspectionState.COMPLETED)
    sentence = "Controle C-2026-000001 is afgerond: de bevindingen liggen vast"
    with not_allowed(sentence, "CIm VTH FLo: Controle"):
        rules.require_open(done)
    with not_allowed("Leg ten minste een bevinding vast", "CIm VTH FLo: Bevinding"):
        rules.complete(VISIT, [], TODAY, TODAY)
    with not_allowed("Leg vast of de overtreding is hersteld", "CIm VTH FLo: hercontrole"):
        rules.complete(VISIT, [a_finding(violation_id=new_id())], TODAY, TODAY)
    first = replace(VISIT, violation_id=None)
    assert rules.complete(first, [a_finding()], TODAY, TODAY)[0].version == 5
