"""LHSO: a place in the matrix is given by people, motivated, and never shifts by itself."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.policy.domain import matrix as rules
from services.enforcement.policy.domain.matrix import (
    CELLS,
)
from services.enforcement.violations.domain import (
    Aspect,
    AspectKind,
    Assessment,
    ViolationState,
    position,
    resolve,
)
from shared.contracts.base import Behaviour, Consequence
from tests.unit.enforcement.cases import TODAY, a_violation, refused, signed, the_matrix, wrong

MATRIX = the_matrix()
AGGRAVATING = Aspect("recidive", AspectKind.AGGRAVATING, "Derde keer.")
cells = st.sampled_from(CELLS)


def test_behaviour_that_cannot_be_established_is_b() -> None:
    assessment = Assessment(Consequence.SIGNIFICANT)
    _, kept, _ = position(a_violation(None), assessment, MATRIX, {}, signed())
    assert (kept.cell, kept.behaviour) == ("B3", Behaviour.INDIFFERENT)
    assert "standaard B" in (kept.behaviour_note or "")


@given(cells, st.lists(st.just(AGGRAVATING), max_size=9))
def test_aspects_never_shift_the_cell(cell: str, aspects: list[Aspect]) -> None:
    consequence, behaviour = rules.axes_of(cell)
    assessment = Assessment(consequence, behaviour, aspects=tuple(aspects))
    placed, kept, event = position(a_violation(None), assessment, MATRIX, {}, signed())
    assert {placed.cell, kept.cell, kept.initial_cell, event.cell} == {cell}


@given(cells, cells)
def test_another_final_cell_needs_a_motive_and_keeps_the_first(first: str, final: str) -> None:
    consequence, behaviour = rules.axes_of(first)
    assessment = Assessment(consequence, behaviour, final_cell=final)
    if first != final:
        with wrong("reposition_reason"):
            position(a_violation(None), assessment, MATRIX, {}, signed())
    motivated = replace(assessment, reason="Zwaardere gevolgen.")
    placed, _, event = position(a_violation(None), motivated, MATRIX, {}, signed())
    assert (placed.initial_cell, placed.cell) == (first, final)
    assert (event.consequence, event.behaviour) == rules.axes_of(final)


def test_positioning_again_needs_a_motive_even_to_stay() -> None:
    same = Assessment(Consequence.SIGNIFICANT, Behaviour.INDIFFERENT)
    with wrong("reposition_reason"):
        position(a_violation("B3"), same, MATRIX, {}, signed(2))


def test_positioning_again_does_not_undo_that_a_measure_runs() -> None:
    enforced = a_violation("B3", state=ViolationState.ENFORCED)
    heavier = Assessment(Consequence.SEVERE, Behaviour.INDIFFERENT, reason="Groter gevolg.")
    placed, _, _ = position(enforced, heavier, MATRIX, {}, signed(2))
    assert (placed.state, placed.initial_cell, placed.cell) == (ViolationState.ENFORCED, "B3", "B4")


def test_a_resolved_violation_gets_no_place_and_is_not_resolved_twice() -> None:
    resolved, event = resolve(a_violation(), TODAY, TODAY)
    assert event.resolved_on == TODAY
    with refused("toestandsovergang"):
        position(resolved, Assessment(Consequence.LIMITED), MATRIX, {}, signed())
    with refused("toestandsovergang"):
        resolve(resolved, TODAY, TODAY)


@pytest.mark.parametrize(("said", "expected"), [(None, True), (False, False), (True, True)])
def test_recidivism_is_as_suggested_unless_somebody_decides(
    said: bool | None, expected: bool
) -> None:
    assessment = Assessment(Consequence.LIMITED, recidivism=said)
    placed, _, _ = position(a_violation(None), assessment, MATRIX, {"recidive": True}, signed())
    assert placed.recidivism is expected
