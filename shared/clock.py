"""Time: instants are UTC, legal days are Europe/Amsterdam."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Clock(Protocol):
    """Where handlers get their time from, so that a test can set it."""

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(slots=True)
class FixedClock:
    """A clock that stands still until a test moves it."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant


def local_date(instant: datetime) -> date:
    """The calendar day in the Netherlands on which the instant falls."""
    return instant.astimezone(AMSTERDAM).date()
