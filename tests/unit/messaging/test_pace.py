"""A transaction holds what fits in a moment: never more, and as much as the handlers allow."""

from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.batch_size import FIRST, HELD, LEAST, MOST, BatchSize


def after(seconds_per_event: float, transactions: int = 40) -> BatchSize:
    """The pace after so many full transactions."""
    pace = BatchSize()
    for _ in range(transactions):
        pace.took(pace.size, pace.size * seconds_per_event)
    return pace


@given(st.floats(1e-9, 10))
def test_full_transactions_come_to_last_the_moment_within_bounds(seconds: float) -> None:
    size = after(seconds).size
    assert LEAST <= size <= MOST
    assert size in {LEAST, MOST} or abs(size * seconds - HELD) <= 2 * seconds


def test_a_sudden_slowness_is_answered_by_the_next_transaction() -> None:
    pace = after(1e-6)
    assert pace.size == MOST
    pace.took(MOST, MOST * 0.01)
    assert pace.size * 0.01 <= HELD


def test_it_grows_no_faster_than_twofold() -> None:
    pace = BatchSize()
    pace.took(FIRST, 1e-9)
    assert pace.size == min(2 * FIRST, MOST)


def test_a_calm_topic_says_nothing_about_a_full_transaction() -> None:
    pace = BatchSize()
    pace.took(3, HELD)
    assert pace.size == FIRST


def test_a_single_event_that_is_slow_does() -> None:
    pace = BatchSize()
    pace.took(1, 4 * HELD)
    assert pace.size == LEAST


def test_a_collision_halves_what_is_held_down_to_the_least() -> None:
    pace = BatchSize()
    pace.collided()
    assert pace.size == FIRST // 2
    for _ in range(20):
        pace.collided()
    assert pace.size == LEAST
