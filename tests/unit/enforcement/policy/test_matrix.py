"""LHSO: a place in the matrix is given by people, motivated, and never shifts by itself."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.policy.domain import matrix as rules
from services.enforcement.policy.domain.dated_policy import (
    ENDED_AFTER_INTENTION,
    Earlier,
    Kinship,
    Match,
    Policy,
    months_before,
    suggest,
)
from services.enforcement.policy.domain.matrix import (
    CELLS,
    WEIGHT,
    Consultation,
    Direction,
    MatrixState,
    Segment,
    activate,
    direction_of,
    level_of,
    require_complete,
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
from shared.contracts.enforcement import Instrument
from shared.ids import new_id
from tests.support.seeds import rows_of
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


def test_the_example_matrix_has_sixteen_cells_and_says_that_nobody_checked_it() -> None:
    assert set(MATRIX.cells) == set(CELLS)
    assert len(CELLS) == 16
    assert MATRIX.label == "niet geverifieerd"
    assert not any(cell.verified for cell in MATRIX.cells.values())
    assert replace(MATRIX, confirmed=True).label == "niet geverifieerd"
    checked = {name: replace(cell, verified=True) for name, cell in MATRIX.cells.items()}
    assert replace(MATRIX, confirmed=True, cells=checked).label is None


@given(cells)
def test_the_advice_of_a_cell_runs_from_light_to_heavy(cell: str) -> None:
    advice = MATRIX.cells[cell].advice
    assert list(advice) == sorted(advice, key=WEIGHT.__getitem__)


@given(cells)
def test_severity_rises_to_the_right_and_upwards(cell: str) -> None:
    consequence, behaviour = rules.axes_of(cell)
    for heavier in Consequence:
        if heavier > consequence:
            assert level_of(rules.cell_of(heavier, behaviour)) > level_of(cell)
    for worse in Behaviour:
        if worse > behaviour:
            assert level_of(rules.cell_of(consequence, worse)) > level_of(cell)


@pytest.mark.parametrize(
    ("cell", "segment", "consultation"),
    [
        ("A1", Segment.LIGHT, Consultation.NEVER),
        ("B1", Segment.LIGHT, Consultation.NEVER),
        ("A3", Segment.MIDDLE, Consultation.WEIGH),
        ("B3", Segment.MIDDLE, Consultation.WEIGH),
        ("C3", Segment.HEAVY, Consultation.ALWAYS),
        ("D4", Segment.HEAVY, Consultation.ALWAYS),
    ],
)
def test_the_seed_follows_the_reconstruction(
    cell: str, segment: Segment, consultation: Consultation
) -> None:
    found = MATRIX.cells[cell]
    assert (found.segment, found.consultation) == (segment, consultation)


@given(cells, st.sampled_from(Instrument))
def test_a_choice_inside_the_cell_follows_and_every_other_deviates(
    name: str, instrument: Instrument
) -> None:
    cell = MATRIX.cells[name]
    direction = direction_of(cell, instrument)
    assert (direction is None) == (instrument in cell.advice)
    if direction is Direction.LIGHTER:
        assert WEIGHT[instrument] < min(WEIGHT[each] for each in cell.administrative)


def test_a_matrix_is_adopted_by_another_than_who_drew_it_up() -> None:
    draft = replace(MATRIX, state=MatrixState.DRAFT, author="jurist")
    with refused("vierogen"):
        activate(draft, "B&W 2026-12", "jurist")
    adopted = activate(draft, "B&W 2026-12", "teamleider")
    assert (adopted.state, adopted.confirmed) == (MatrixState.ACTIVE, True)
    with refused("toestandsovergang"):
        activate(adopted, "B&W 2026-12", "beheer")


def test_a_matrix_is_complete() -> None:
    found = list(MATRIX.cells.values())
    assert set(require_complete(found)) == set(CELLS)
    with wrong("cells"):
        require_complete(found[1:])
    with wrong("cells"):
        require_complete([found[0], *found[:-1]])
    with wrong("cells"):
        require_complete([replace(found[0], administrative=()), *found[1:]])


# Recidivism (LHSO p. 14, Leidraad 2023 p. 4): a window, likeness, an answer that had no effect.

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
