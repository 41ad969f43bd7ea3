"""Working days and legal terms in the Netherlands (Algemene termijnenwet art. 1 and 3)."""

from datetime import date, timedelta
from functools import lru_cache

MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
SATURDAY = 5
SUNDAY = 6


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Meeus/Jones/Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    month, day = divmod(h + k - 7 * m + 114, 31)
    return date(year, month, day + 1)


def kings_day(year: int) -> date:
    """27 April, or the day before where that is a Sunday."""
    day = date(year, 4, 27)
    return day - timedelta(days=1) if day.weekday() == SUNDAY else day


@lru_cache(maxsize=64)
def holidays(year: int) -> dict[date, str]:
    """The generally recognised holidays of art. 3 Algemene termijnenwet, with their names."""
    sunday = easter(year)
    days = {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday - timedelta(days=2): "Goede Vrijdag",
        sunday + timedelta(days=1): "Tweede Paasdag",
        kings_day(year): "Koningsdag",
        sunday + timedelta(days=39): "Hemelvaartsdag",
        sunday + timedelta(days=50): "Tweede Pinksterdag",
        date(year, 12, 25): "Eerste Kerstdag",
        date(year, 12, 26): "Tweede Kerstdag",
        date(year, 5, 5): "Bevrijdingsdag",
    }
    return dict(sorted(days.items()))


def is_working_day(day: date) -> bool:
    """Neither a weekend day nor a holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def legal_day(day: date) -> date:
    """The last day of a legal term: moved on past weekend and holidays (art. 1 lid 1)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=1024)
def add_working_days(day: date, count: int) -> date:
    """The day that lies `count` working days after `day`; `day` itself does not count."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before."""
    if end < start:
        return -working_days_between(end, start)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day) for day in days)
