"""A violation whole: what it becomes, how its place is kept, what is told and refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.enforcement.inspections.domain import Finding, FindingResult, InspectionState
from services.enforcement.violations.domain import (
    DEFAULT_NOTE,
    STATES,
    Aspect,
    AspectKind,
    Assessment,
    Position,
    Signature,
    Violation,
    ViolationState,
    enforce,
    establish,
    position,
    resolve,
)
from shared.contracts.base import Behaviour, Consequence
from shared.ids import new_id
from tests.support.refusals import not_allowed, wrong_field
from tests.unit.enforcement.cases import NOW, TODAY, a_violation, an_inspection, the_matrix

MATRIX = the_matrix()
SIGNED = Signature(3, NOW, "Jurist (voorbeeld)")
EDGES = {
    ViolationState.ESTABLISHED: {ViolationState.POSITIONED, ViolationState.RESOLVED},
    ViolationState.POSITIONED: {
        ViolationState.POSITIONED,
        ViolationState.ENFORCED,
        ViolationState.RESOLVED,
    },
    ViolationState.ENFORCED: {ViolationState.ENFORCED, ViolationState.RESOLVED},
}


def test_the_edges_of_a_violation() -> None:
    assert set(STATES.edges) == {(at, to) for at, ways in EDGES.items() for to in ways}


def test_establishing_whole() -> None:
    visit = an_inspection(state=InspectionState.COMPLETED, completed_on=TODAY, incident_id=new_id())
    finding = Finding(
        5,
        "geur",
        FindingResult.VIOLATED,
        rule="Bal 4.1",
        details="Filter stuk.",
        consequence=Consequence.LIMITED,
        behaviour=Behaviour.INDIFFERENT,
    )
    identity = new_id()
    violation, event = establish(visit, finding, identity, "OV-2026-000009")
    assert violation == Violation(
        id=identity,
        number="OV-2026-000009",
        version=1,
        state=ViolationState.ESTABLISHED,
        location_id=visit.location_id,
        participant="gm0153",
        inspection_id=visit.id,
        finding=5,
        nature="geur",
        established_on=TODAY,
        incident_id=visit.incident_id,
        rule="Bal 4.1",
        details="Filter stuk.",
        consequence=Consequence.LIMITED,
        behaviour=Behaviour.INDIFFERENT,
    )
    assert event.model_dump() == {
        "version": 1,
        "participant": "gm0153",
        "violation_id": identity,
        "number": "OV-2026-000009",
        "location_id": visit.location_id,
        "inspection_id": visit.id,
        "established_on": TODAY,
        "nature": "geur",
    }


def test_positioning_whole() -> None:
    violation = a_violation(None, version=4, initial_cell="B3")
    aspects = (Aspect("recidive", AspectKind.AGGRAVATING, "Derde keer."),)
    suggestion = {"recidive": True, "toelichting": "2 eerdere overtredingen"}
    assessment = Assessment(
        Consequence.LIMITED,
        Behaviour.WILLING,
        final_cell="C4",
        reason="Zwaardere gevolgen.",
        consequence_note="Groot gebied.",
        behaviour_note="Bewust.",
        aspects=aspects,
    )
    placed, kept, event = position(violation, assessment, MATRIX, suggestion, SIGNED)
    consequence, behaviour = Consequence.SEVERE, Behaviour.CALCULATING
    assert kept == Position(
        violation_id=violation.id,
        sequence=3,
        consequence=Consequence.LIMITED,
        behaviour=Behaviour.WILLING,
        initial_cell="B3",
        cell="C4",
        reason="Zwaardere gevolgen.",
        consequence_note="Groot gebied.",
        behaviour_note="Bewust.",
        aspects=aspects,
        recidivism=True,
        suggestion=suggestion,
        matrix_version=MATRIX.matrix_version,
        positioned_at=NOW,
        positioned_by="Jurist (voorbeeld)",
    )
    assert placed == replace(
        violation,
        version=5,
        state=ViolationState.POSITIONED,
        consequence=consequence,
        behaviour=behaviour,
        initial_cell="B3",
        cell="C4",
        matrix_version=MATRIX.matrix_version,
        recidivism=True,
        positioned_at=NOW,
    )
    assert event.model_dump() == {
        "version": 5,
        "participant": "gm0153",
        "violation_id": violation.id,
        "number": violation.number,
        "location_id": violation.location_id,
        "consequence": consequence,
        "behaviour": behaviour,
        "cell": "C4",
        "initial_cell": "B3",
        "matrix_version": MATRIX.matrix_version,
        "recidivism": True,
        "positioned_at": NOW,
    }


@pytest.mark.parametrize("again", [True, False])
def test_a_move_is_motivated(*, again: bool) -> None:
    violation = a_violation("B3" if again else None)
    moved = Assessment(Consequence.LIMITED, Behaviour.INDIFFERENT, final_cell="D4")
    reason = "Motiveer waarom de overtreding in een andere cel wordt geplaatst (LHSO stap 3)."
    with wrong_field("reposition_reason", "verplicht", reason):
        position(violation, moved, MATRIX, {}, SIGNED)


@pytest.mark.parametrize(
    ("behaviour", "note", "kept"),
    [
        (None, None, DEFAULT_NOTE),
        (None, "Niemand aanwezig.", f"{DEFAULT_NOTE} Niemand aanwezig."),
        (Behaviour.INDIFFERENT, None, None),
        (Behaviour.INDIFFERENT, "Wist het.", "Wist het."),
    ],
)
def test_what_is_noted_of_behaviour(
    behaviour: Behaviour | None, note: str | None, kept: str | None
) -> None:
    assessment = Assessment(Consequence.LIMITED, behaviour, behaviour_note=note)
    _, place, _ = position(a_violation(None), assessment, MATRIX, {}, SIGNED)
    assert place.behaviour_note == kept
    assert place.recidivism is False


def test_enforcing_makes_a_newer_version_once() -> None:
    violation = a_violation(version=4)
    assert enforce(violation) == replace(violation, version=5, state=ViolationState.ENFORCED)
    sentence = "De overtreding kan niet van 'hersteld' naar 'in handhaving'; mogelijk: geen"
    with not_allowed(sentence, "toestandsovergang"):
        enforce(a_violation(state=ViolationState.RESOLVED))


def test_resolving_whole() -> None:
    violation = a_violation(version=4)
    resolved, event = resolve(violation, TODAY, TODAY)
    assert resolved == replace(
        violation, version=5, state=ViolationState.RESOLVED, resolved_on=TODAY
    )
    assert event.model_dump() == {
        "version": 5,
        "participant": "gm0153",
        "violation_id": violation.id,
        "number": violation.number,
        "location_id": violation.location_id,
        "resolved_on": TODAY,
    }
    future = "Vul een datum in die niet in de toekomst ligt."
    with wrong_field("resolved_on", "in-toekomst", future):
        resolve(violation, TODAY + timedelta(days=1), TODAY)
    early = "De hersteldatum ligt voor de overtreding."
    with wrong_field("resolved_on", "voor-overtreding", early):
        resolve(violation, TODAY - timedelta(days=1), TODAY)
    with wrong_field("resolved_on", "buiten-bereik", "Vul een datum in tussen 1990 en 2100."):
        resolve(violation, date(1980, 1, 1), TODAY)
