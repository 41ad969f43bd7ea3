"""The close of a month, and the correction of what was closed."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from services.reporting.weeks.domain import Line, LineState, Rules
from shared.errors import Conflict, NotAllowed, conflict
from shared.state_machine import StateMachine


class PeriodState(StrEnum):
    """Whether a month takes hours."""

    OPEN = "open"
    CLOSED = "gesloten"


TRANSITIONS = StateMachine[PeriodState](
    "een maand",
    {(PeriodState.OPEN, PeriodState.CLOSED): "voorbij, en alle uren zijn goedgekeurd"},
)


def correction(
    line: Line, state: LineState, minutes: int, rules: Rules, today: date, ids: tuple[UUID, UUID]
) -> list[Line]:
    """The reversal of a closed line and, when time remains, the line as it should have been.

    Both keep the day of the work and are booked today. Raises NotAllowed, Conflict.
    """
    if state is LineState.TAKEN_BACK:
        raise NotAllowed("Deze regel is al teruggenomen", article="maandafsluiting")
    if state not in {LineState.CLOSED, LineState.SETTLED}:
        raise NotAllowed(
            f"Een regel die {state} is wordt in de weekstaat zelf veranderd",
            article="maandafsluiting",
        )
    if line.corrects is not None and line.minutes < 0:
        raise NotAllowed("Een tegenboeking wordt niet gecorrigeerd", article="maandafsluiting")
    if minutes < 0 or minutes % rules.step or minutes == line.minutes:
        raise conflict(
            "minutes", "stap", f"Vul hele stappen van {rules.step} minuten in, anders dan nu."
        )
    back = replace(line, id=ids[0], minutes=-line.minutes, booked_on=today, corrects=line.id)
    if minutes == 0:
        return [back]
    return [back, replace(back, id=ids[1], minutes=minutes)]


def require_closable(month: date, today: date, unapproved: Mapping[str, int]) -> None:
    """Raises NotAllowed while the month runs, or while hours of it are not approved."""
    if (month.year, month.month) >= (today.year, today.month):
        raise NotAllowed("Deze maand is nog niet voorbij", article="maandafsluiting")
    waiting = {state: count for state, count in unapproved.items() if count}
    if waiting:
        said = ", ".join(f"{count} {state}" for state, count in sorted(waiting.items()))
        raise NotAllowed(
            f"Er zijn nog urenregels in deze maand die niet zijn goedgekeurd ({said})",
            article="maandafsluiting",
        )


def require_next(month: date, closed_until: date | None) -> None:
    """Raises Conflict for a closed month, NotAllowed when a month before it stays open."""
    if closed_until is None:
        return
    if last_day(month) <= closed_until:
        raise Conflict(
            f"Deze maand is al afgesloten; gesloten is tot en met {closed_until:%d-%m-%Y}."
        )
    if month != closed_until + timedelta(days=1):
        raise NotAllowed(
            f"Sluit eerst de maand na {closed_until:%d-%m-%Y} af", article="maandafsluiting"
        )


def months_of(days: Iterable[date]) -> list[date]:
    """The months of these days, each by its first day."""
    return sorted({day.replace(day=1) for day in days})


def last_day(month: date) -> date:
    """The last day of the month."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
