"""What an answer of a receiver means: delivered, again later, or never again. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from random import SystemRandom
from typing import Final, NamedTuple

from shared.webhooks.states import SubscriptionState

_random: Final = SystemRandom()
SPREAD: Final = 0.1


class Answer(NamedTuple):
    """What came of one request; without a status nobody answered."""

    duration_ms: int
    status: int | None = None
    error: str | None = None
    retry_after: str | None = None
    allowed_origin: str | None = None
    allowed_rate: str | None = None


class Standing(NamedTuple):
    """How a subscription stands before the answer."""

    failures: int
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When to try again: longer and longer, and after a day no more."""

    first: timedelta = timedelta(seconds=10)
    factor: int = 3
    longest: timedelta = timedelta(hours=6)
    limit: timedelta = timedelta(days=1)

    def pause(self, failures: int) -> timedelta:
        """The pause after so many failures, spread so that subscribers do not march."""
        times: int = self.factor ** min(failures - 1, 20)
        return min(self.first * times, self.longest) * _random.uniform(1 - SPREAD, 1 + SPREAD)


class Outcome(NamedTuple):
    """What to store."""

    delivered: bool
    failures: int
    failing_since: datetime | None
    next_attempt_at: datetime
    state: SubscriptionState | None = None
    reason: str | None = None

    @property
    def ends(self) -> bool:
        """Whether this is the end: the secrets are forgotten."""
        return self.state is SubscriptionState.ENDED


def judge(answer: Answer, standing: Standing, now: datetime, schedule: Schedule) -> Outcome:
    """What an answer to a delivery comes to."""
    if answer.status is not None and 200 <= answer.status < 300:
        return Outcome(True, 0, None, now)
    if answer.status == HTTPStatus.GONE:
        ended = SubscriptionState.ENDED
        return Outcome(False, 0, None, now, ended, "De ontvanger antwoordde 410.")
    return _failed(answer, standing, now, schedule)


def judge_handshake(
    answer: Answer, origin: str, standing: Standing, now: datetime, schedule: Schedule
) -> Outcome:
    """What an answer to OPTIONS comes to: the receiver must name us, or everybody."""
    allowed = {name.strip().lower() for name in (answer.allowed_origin or "").split(",")}
    answered = answer.status is not None and 200 <= answer.status < 300
    if answered and allowed & {origin.lower(), "*"}:
        return Outcome(True, 0, None, now, SubscriptionState.ACTIVE)
    return _failed(answer, standing, now, schedule)


def _failed(answer: Answer, standing: Standing, now: datetime, schedule: Schedule) -> Outcome:
    failures = standing.failures + 1
    since = standing.failing_since or now
    last = since + schedule.limit
    if now >= last:
        reason = "Een dag lang is elke poging mislukt."
        return Outcome(False, failures, since, now, SubscriptionState.SUSPENDED, reason)
    asked = now + _asked(answer, now) if answer.status == HTTPStatus.TOO_MANY_REQUESTS else now
    due = max(asked, now + schedule.pause(failures)) if asked == now else asked
    return Outcome(False, failures, since, min(due, last))


def _asked(answer: Answer, now: datetime) -> timedelta:
    """How long Retry-After asks to wait: seconds or a date; nothing when it says nothing."""
    text = (answer.retry_after or "").strip()
    if text.isdecimal() and len(text) < 9:
        return timedelta(seconds=int(text))
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return timedelta()
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())


def per_minute(answer: Answer) -> int | None:
    """WebHook-Allowed-Rate: requests per minute; None is as many as we like."""
    text = (answer.allowed_rate or "").strip()
    return int(text) if text.isdecimal() and 0 < int(text) < 1_000_000 else None
