"""Geometry: bars end where the next begins, and everything fits."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from shared.ui.charts import SPARK_HEIGHT, SPARK_WIDTH, WIDTH, bars, spark, waterfall

VALUES = st.lists(st.floats(-1e6, 1e6).filter(lambda v: abs(v) > 1e-3), min_size=1, max_size=12)


@given(VALUES, st.floats(-100, 100))
def test_a_waterfall_fits_and_joins(values: list[float], base: float) -> None:
    steps = waterfall([{"value": value} for value in values], base)
    assert all(0 <= step.x <= WIDTH and step.x + step.width <= WIDTH + 2.1 for step in steps)
    for before, after in pairwise(steps):
        start = after.x if after.sign == "plus" else after.x + after.width
        assert abs(start - before.joint) <= 2.1


@given(VALUES)
def test_the_heaviest_term_comes_first(values: list[float]) -> None:
    weights = [abs(step.term["value"]) for step in waterfall([{"value": v} for v in values])]
    assert weights == sorted(weights, reverse=True)


def test_the_longest_bar_or_target_takes_the_whole_width() -> None:
    drawn = bars([{"value": 50, "target": 100}, {"value": 25}, {"value": -5}])
    assert [(bar.width, bar.target) for bar in drawn] == [(200, 400), (100, None), (0, None)]
    assert bars([]) == []


@given(VALUES)
def test_a_sparkline_stays_inside(values: list[float]) -> None:
    points = spark(values)
    assert len(points) == len(values)
    assert all(0 <= x <= SPARK_WIDTH and 0 <= y <= SPARK_HEIGHT for x, y in points)


def test_a_sparkline_of_nothing_is_empty() -> None:
    assert spark([]) == []
