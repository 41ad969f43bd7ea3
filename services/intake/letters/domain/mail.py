"""Mail to complainants: what waits, what went out, and when to try again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class MailKind(StrEnum):
    """Which letter."""

    RECEIPT = "ontvangstbevestiging"
    ANSWER = "antwoord"
    FORWARDED = "doorzendbericht"


class MailState(StrEnum):
    """Where a letter stands."""

    WAITING = "wachtend"
    SENT = "verzonden"
    FAILED = "mislukt"


# A mail server that is down is back within a working day or needs a person.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))


@dataclass(frozen=True, slots=True)
class Retry:
    """What becomes of a letter that could not be delivered."""

    state: MailState
    next_attempt_at: datetime | None


def after_failure(attempts: int, now: datetime) -> Retry:
    """Try again a few times, ever later; then a person must look."""
    if attempts > len(PAUSES):
        return Retry(MailState.FAILED, None)
    return Retry(MailState.WAITING, now + PAUSES[attempts - 1])
