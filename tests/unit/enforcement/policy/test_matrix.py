"""The intervention matrix: sixteen cells, from light to heavy, adopted by four eyes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.enforcement.policy.domain import matrix as rules
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
)
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import Instrument
from tests.unit.enforcement.cases import refused, the_matrix, wrong

MATRIX = the_matrix()
AGGRAVATING = Aspect("recidive", AspectKind.AGGRAVATING, "Derde keer.")
cells = st.sampled_from(CELLS)


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
