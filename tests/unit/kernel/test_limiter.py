"""How often one address may do something."""

import pytest

from shared.errors import TooMany
from shared.http import rate_limit as limiter
from shared.http.rate_limit import Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_empties_and_fills_again() -> None:
    clock = Clock()
    limit = Limiter(2, clock)
    limit.take("192.0.2.1")
    limit.take("192.0.2.1")
    with pytest.raises(TooMany) as refusal:
        limit.take("192.0.2.1")
    assert refusal.value.retry_after == 1800
    assert "over 30 minuten opnieuw" in refusal.value.detail
    limit.take("192.0.2.2")
    clock.now += 1799
    with pytest.raises(TooMany) as refusal:
        limit.take("192.0.2.1")
    assert "over 1 minuut opnieuw" in refusal.value.detail
    clock.now += 1
    limit.take("192.0.2.1")


def test_a_bucket_never_holds_more_than_an_hour() -> None:
    clock = Clock()
    limit = Limiter(1, clock)
    limit.take("192.0.2.1")
    clock.now += 100 * limiter.HOUR
    limit.take("192.0.2.1")
    with pytest.raises(TooMany):
        limit.take("192.0.2.1")


@pytest.mark.parametrize(
    ("one", "other"),
    [("2001:db8::1", "2001:db8::ffff:1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("", "")],
)
def test_one_network_is_one_address(one: str, other: str) -> None:
    limit = Limiter(1, Clock())
    limit.take(one)
    with pytest.raises(TooMany):
        limit.take(other)


def test_zero_is_no_limit() -> None:
    limit = Limiter(0, Clock())
    for _ in range(1000):
        limit.take("192.0.2.1")


def test_memory_has_a_bound_and_the_newest_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "MOST_REMEMBERED", 10)
    clock = Clock()
    limit = Limiter(1, clock)
    for number in range(25):
        clock.now += 1
        limit.take(f"192.0.2.{number}")
    assert len(limit._buckets) <= 10
    with pytest.raises(TooMany):
        limit.take("192.0.2.24")
