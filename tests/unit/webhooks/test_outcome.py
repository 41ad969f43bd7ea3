"""What the answers of receivers mean."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from shared.webhooks.outcome import Answer, Schedule, Standing, judge, judge_handshake, per_minute
from shared.webhooks.signing import is_signed, signature
from shared.webhooks.states import SubscriptionState

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FRESH = Standing(0, None)
PLAIN = Schedule()
DAY = timedelta(days=1)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken(status: int) -> None:
    outcome = judge(Answer(5, status), Standing(4, NOW - DAY), NOW, PLAIN)
    assert outcome.delivered
    assert (outcome.failures, outcome.failing_since, outcome.state) == (0, None, None)


def test_gone_ends_it() -> None:
    outcome = judge(Answer(5, 410), FRESH, NOW, PLAIN)
    assert not outcome.delivered
    assert outcome.state is SubscriptionState.ENDED


@pytest.mark.parametrize("status", [None, 301, 400, 401, 404, 415, 500, 503])
def test_the_rest_is_tried_again(status: int | None) -> None:
    outcome = judge(Answer(5, status), FRESH, NOW, PLAIN)
    assert not outcome.delivered
    assert outcome.state is None
    assert timedelta(seconds=9) <= outcome.next_attempt_at - NOW <= timedelta(seconds=11)
    assert (outcome.failures, outcome.failing_since) == (1, NOW)


def test_pauses_grow_for_a_day_and_then_it_is_suspended() -> None:
    standing, now, waits = FRESH, NOW, []
    while True:
        outcome = judge(Answer(5, 500), standing, now, PLAIN)
        if outcome.state is not None:
            break
        waits.append(outcome.next_attempt_at - now)
        now = outcome.next_attempt_at
        standing = Standing(outcome.failures, outcome.failing_since)
    assert outcome.state is SubscriptionState.SUSPENDED
    assert now - NOW == DAY
    assert all(later > sooner for sooner, later in pairwise(waits[:7]))
    assert max(waits) <= timedelta(hours=6.6)
    assert 8 <= len(waits) <= 14


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("120", 120), (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90)],
)
def test_too_many_requests_waits_as_long_as_is_asked(text: str, seconds: int) -> None:
    outcome = judge(Answer(5, 429, retry_after=text), FRESH, NOW, PLAIN)
    assert outcome.next_attempt_at - NOW == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", [None, "", "straks", "-5", "99999999999", "Mon, 99 Foo"])
def test_too_many_requests_without_a_time_waits_as_any_failure(text: str | None) -> None:
    outcome = judge(Answer(5, 429, retry_after=text), FRESH, NOW, PLAIN)
    assert timedelta(seconds=9) <= outcome.next_attempt_at - NOW <= timedelta(seconds=11)


def test_nobody_waits_longer_than_a_day() -> None:
    outcome = judge(Answer(5, 429, retry_after="9999999"), FRESH, NOW, PLAIN)
    assert outcome.next_attempt_at == NOW + DAY


@pytest.mark.parametrize(
    ("status", "allowed", "agreed"),
    [
        (200, "*", True),
        (200, "vth.example.nl", True),
        (204, "ander.example.nl, VTH.example.nl", True),
        (200, "ander.example.nl", False),
        (200, None, False),
        (405, "*", False),
        (None, None, False),
    ],
)
def test_consent(status: int | None, allowed: str | None, agreed: bool) -> None:
    answer = Answer(5, status, allowed_origin=allowed)
    outcome = judge_handshake(answer, "vth.example.nl", FRESH, NOW, PLAIN)
    assert outcome.delivered is agreed
    assert outcome.state is (SubscriptionState.ACTIVE if agreed else None)


@pytest.mark.parametrize(
    ("text", "rate"), [("120", 120), ("*", None), (None, None), ("0", None), ("1e3", None)]
)
def test_the_rate_that_is_allowed(text: str | None, rate: int | None) -> None:
    assert per_minute(Answer(5, 200, allowed_rate=text)) == rate


# The example of the reference libraries of Standard Webhooks.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_signature_is_that_of_standard_webhooks() -> None:
    assert signature(SECRET, EVENT, 1_614_265_330, BODY) == SIGNED


@pytest.mark.parametrize(
    ("key", "event", "stamp", "signed", "body", "now", "right"),
    [
        (SECRET, EVENT, "1614265330", SIGNED, BODY, 1_614_265_330, True),
        (SECRET, EVENT, "1614265330", f"v1,abc {SIGNED}", BODY, 1_614_265_630, True),
        (SECRET, EVENT, "1614265330", SIGNED, BODY + b" ", 1_614_265_330, False),
        (SECRET, "msg_other", "1614265330", SIGNED, BODY, 1_614_265_330, False),
        ("sleutel", EVENT, "1614265330", SIGNED, BODY, 1_614_265_330, False),
        (SECRET, EVENT, "1614265331", SIGNED, BODY, 1_614_265_331, False),
        (SECRET, EVENT, "1614265330", SIGNED, BODY, 1_614_265_631, False),
        (SECRET, EVENT, "nu", SIGNED, BODY, 1_614_265_330, False),
        (SECRET, EVENT, "1614265330", "", BODY, 1_614_265_330, False),
        (SECRET, EVENT, "1614265330", "v1,é", BODY, 1_614_265_330, False),
    ],
)
def test_a_signature_holds_for_its_event_its_time_its_body_and_its_key(
    key: str, event: str, stamp: str, signed: str, body: bytes, now: int, right: bool
) -> None:
    assert is_signed(key, event, stamp, signed, body, now=now) is right


def test_a_key_in_plain_text_signs_too() -> None:
    signed = signature("sleutel", EVENT, 1_000, b"{}")
    assert is_signed("sleutel", EVENT, "1000", signed, b"{}", now=1_000)
