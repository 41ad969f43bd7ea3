"""Mail to complainants: what waits, what went out, and when to try again."""

from datetime import timedelta
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
    CANCELLED = "geannuleerd"


# A mail server that is down is back within a working day or needs a person.
PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))
