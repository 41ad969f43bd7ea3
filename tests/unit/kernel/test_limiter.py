"""How often one address or caller may do something, in one process."""

import pytest
from limits.aio.storage import MemoryStorage
from starlette.requests import Request

from shared.errors import TooMany
from shared.http.problems import of_refusal
from shared.http.rate_limit import HOUR, RateLimit, TokenLimit, address_of


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def a_limit(per_hour: int) -> RateLimit:
    return RateLimit("proef", per_hour, b"geheim", "Dit kwam al te vaak.")


async def test_who_does_it_too_often_is_told_when_to_come_back() -> None:
    counts, limit = MemoryStorage(), a_limit(2)
    await limit.take(counts, "192.0.2.1")
    await limit.take(counts, "192.0.2.1")
    with pytest.raises(TooMany) as refusal:
        await limit.take(counts, "192.0.2.1")
    assert 0 < refusal.value.retry_after <= HOUR
    assert refusal.value.detail.startswith("Dit kwam al te vaak. Probeer het over ")
    await limit.take(counts, "192.0.2.2")


async def test_zero_is_no_limit() -> None:
    counts = MemoryStorage()
    for _ in range(1000):
        await a_limit(0).take(counts, "192.0.2.1")
    assert not counts.storage


async def test_nothing_of_an_address_is_kept_but_a_pseudonym_of_this_installation() -> None:
    counts = MemoryStorage()
    await a_limit(5).take(counts, "192.0.2.1")
    await RateLimit("proef", 5, b"ander geheim", "").take(counts, "192.0.2.1")
    assert len(counts.storage) == 2
    assert not any("192.0.2" in key for key in counts.storage)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("192.0.2.1", "192.0.2.1"),
        ("", ""),
    ],
)
def test_one_network_is_one_address(address: str, counted: str) -> None:
    request = Request({"type": "http", "client": (address, 1), "headers": []})
    assert address_of(request) == counted


def test_the_requests_of_a_caller_are_counted_by_the_minute() -> None:
    clock = Clock()
    limit = TokenLimit(2, clock)
    limit.take("koppeling")
    clock.now += 20
    limit.take("koppeling")
    with pytest.raises(TooMany) as refusal:
        limit.take("koppeling")
    assert refusal.value.retry_after == 40
    assert "meer dan 2 verzoeken. Probeer het over 40 seconden opnieuw." in refusal.value.detail
    limit.take("een ander")
    clock.now += 40
    limit.take("koppeling")


def test_a_caller_without_limit_is_never_refused() -> None:
    limit = TokenLimit(0, Clock())
    for _ in range(1000):
        limit.take("koppeling")


def test_a_refusal_names_the_limit_in_headers() -> None:
    response = of_refusal(TooMany("Te vaak.", 61, policy=("token", 12_000, 60)))
    assert response.status_code == 429
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"] == "61"
    assert response.headers["ratelimit-policy"] == '"token";q=12000;w=60'
    assert response.headers["ratelimit"] == '"token";r=0;t=61'
    assert "over 2 minuten opnieuw" in bytes(response.body).decode()
