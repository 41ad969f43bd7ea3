"""The clock of a term in words: "nog 2 werkdagen (do 26 nov 17:00)"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from shared.calendar import working_days_between
from shared.ui.formats import aantal, datum_kort, day_of, local, tijd

State = Literal["running", "soon", "overdue", "paused", "done"]
SOON_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True)
class ClockView:
    """A term as it is shown: its state, the words, and the moment for machines."""

    state: State
    text: str
    due: str


def _moment(due: date | datetime) -> str:
    if isinstance(due, datetime):
        return f"{datum_kort(due).rsplit(' ', 1)[0]} {tijd(due)}"
    return datum_kort(due)


def _days(start: date, end: date) -> tuple[int, str]:
    """The days between, in working days; in plain days where a weekend hides them all."""
    working = working_days_between(start, end)
    if working:
        return working, aantal(working, "werkdag", "werkdagen")
    plain = (end - start).days
    return 0, aantal(plain, "dag", "dagen")


def _left(due: date | datetime, now: datetime) -> tuple[State, str]:
    if isinstance(due, datetime) and abs(due - now) < timedelta(hours=24):
        minutes = int(abs((due - now).total_seconds()) // 60)
        left = f"{minutes} min" if minutes < 60 else f"{minutes // 60} uur"
        return ("overdue", f"{left} te laat") if due < now else ("soon", f"nog {left}")
    today, last = local(now).date(), day_of(due)
    if last < today:
        return "overdue", f"{_days(last, today)[1]} te laat"
    if last == today:
        return "soon", "vandaag"
    working, words = _days(today, last)
    return "soon" if working <= SOON_WORKING_DAYS else "running", f"nog {words}"


def clock_view(
    due: date | datetime,
    now: datetime,
    *,
    paused: str | None = None,
    done: date | datetime | None = None,
) -> ClockView:
    """The view of a term: `paused` is the reason it stands still, `done` the moment it was met."""
    if done is not None:
        late = day_of(done) > day_of(due)
        words = "te laat afgerond" if late else "op tijd afgerond"
        return ClockView("done", f"{words} ({_moment(done)})", done.isoformat())
    if paused:
        return ClockView("paused", f"staat stil: {paused}", due.isoformat())
    state, left = _left(due, now)
    return ClockView(state, f"{left} ({_moment(due)})", due.isoformat())
