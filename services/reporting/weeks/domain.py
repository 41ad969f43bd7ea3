"""Hours: a week sheet from first line to settlement, and the rules of its lines."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from shared.contracts.reporting import HoursApproved, HoursSubmitted
from shared.errors import Conflict, Forbidden, InvalidParam, NotAllowed, conflict, unknown
from shared.state_machine import StateMachine

DAY_MINUTES = 24 * 60


class State(StrEnum):
    """Where a week sheet stands."""

    OPEN = "open"
    SUBMITTED = "ingediend"
    APPROVED = "goedgekeurd"
    CLOSED = "gesloten"
    SETTLED = "verrekend"


class LineState(StrEnum):
    """Where a line stands: it follows its sheet until the month closes.

    A line that was taken back while its month was open, and the counter-line that does so, stay
    where they are and come to nothing together.
    """

    OPEN = "open"
    SUBMITTED = "ingediend"
    APPROVED = "goedgekeurd"
    CLOSED = "gesloten"
    SETTLED = "verrekend"
    TAKEN_BACK = "teruggenomen"


COUNTED = (State.APPROVED, State.CLOSED, State.SETTLED)

TRANSITIONS = StateMachine[State](
    "een weekstaat",
    {
        (State.OPEN, State.SUBMITTED): "de medewerker dient de week in",
        (State.SUBMITTED, State.APPROVED): "een ander keurt de week goed",
        (State.SUBMITTED, State.OPEN): "afgewezen, met een reden",
        (State.APPROVED, State.CLOSED): "de maand is afgesloten",
        (State.CLOSED, State.SETTLED): "opgenomen in een vastgestelde afrekening",
    },
)


class ProductKind(StrEnum):
    """How hours on a product reach a participant."""

    DIRECT = "direct"
    COLLECTIVE = "collectief"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Line:
    """Time of one day on one thing."""

    id: UUID
    work_date: date
    booked_on: date
    minutes: int
    product: str
    participant: str | None = None
    case_id: UUID | None = None
    activity: str | None = None
    kind: ProductKind = ProductKind.DIRECT
    corrects: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The hours of one employee in one ISO week."""

    id: UUID
    employee: UUID
    starts_on: date
    state: State
    version: int
    minutes: int = 0
    rejection: str | None = None

    @property
    def week(self) -> str:
        """The ISO week, as 2026-W48."""
        return week_of(self.starts_on)

    @property
    def days(self) -> tuple[date, ...]:
        """Monday to Sunday."""
        return tuple(self.starts_on + timedelta(days=n) for n in range(7))


@dataclass(frozen=True, slots=True)
class Rules:
    """What is configured for entry."""

    step: int
    closed_until: date | None


def pseudonym(subject: str) -> UUID:
    """The pseudonym under which the hours of an account are kept."""
    return uuid5(NAMESPACE_URL, f"vth:medewerker:{subject}")


def sheet_id(employee: UUID, starts_on: date) -> UUID:
    """One sheet for an employee and a week, whoever makes it first."""
    return uuid5(employee, starts_on.isoformat())


def week_of(day: date) -> str:
    """The ISO week of a day, as 2026-W48."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(week: str) -> date:
    """The Monday of an ISO week. Raises Conflict for a week that does not exist."""
    try:
        year, number = week.split("-W")
        return date.fromisocalendar(int(year), int(number), 1)
    except ValueError:
        raise unknown("week", "Vul een bestaande week in, als 2026-W48.") from None


def require_own(sheet: Sheet, employee: UUID) -> None:
    """Raises Forbidden when the sheet is another's."""
    if sheet.employee != employee:
        raise Forbidden("Dit is de weekstaat van iemand anders.")


def require_editable(sheet: Sheet) -> None:
    """Raises NotAllowed once the week was submitted."""
    if sheet.state is not State.OPEN:
        raise NotAllowed(
            f"Deze weekstaat is {sheet.state} en kan niet meer veranderen",
            article="urenreglement",
        )


def check_lines(sheet: Sheet, lines: Sequence[Line], rules: Rules, today: date) -> None:
    """Raises Conflict with every wrong field of every line."""
    wrong = [
        InvalidParam(f"lines.{number}.{field}", code, reason)
        for number, line in enumerate(lines)
        for field, code, reason in faults_of(sheet, line, rules, today)
    ]
    wrong += _full_days(lines)
    if wrong:
        count = "1 veld is" if len(wrong) == 1 else f"{len(wrong)} velden zijn"
        raise Conflict(f"{count} niet goed.", params=tuple(wrong))


def faults_of(
    sheet: Sheet, line: Line, rules: Rules, today: date
) -> Iterable[tuple[str, str, str]]:
    """What is wrong with one line: the field, a code and what to do."""
    if line.work_date not in sheet.days:
        yield "work_date", "buiten_week", f"Kies een dag in week {sheet.week}."
    elif line.work_date > today + timedelta(days=6 - today.weekday()):
        yield "work_date", "in_toekomst", "Kies een dag die niet na deze week ligt."
    if rules.closed_until is not None and line.booked_on <= rules.closed_until:
        yield "work_date", "maand_gesloten", "Deze maand is afgesloten; maak een correctie."
    if line.minutes <= 0 or line.minutes % rules.step:
        steps = "minuten" if rules.step == 1 else f"stappen van {rules.step} minuten"
        yield "minutes", "stap", f"Vul hele {steps} in, meer dan 0."
    if line.kind is ProductKind.DIRECT and line.participant is None:
        yield "participant", "verplicht", "Kies een deelnemer, of een zaak die er een heeft."
    if line.kind is not ProductKind.DIRECT and line.participant is not None:
        yield "participant", "niet_van_toepassing", "Dit product wordt niet per deelnemer geboekt."


def _full_days(lines: Sequence[Line]) -> list[InvalidParam]:
    booked: dict[date, int] = {}
    for line in lines:
        booked[line.work_date] = booked.get(line.work_date, 0) + line.minutes
    return [full_day("lines", day) for day in sorted(booked) if booked[day] > DAY_MINUTES]


def changes(standing: Iterable[Line], wanted: Iterable[Line]) -> tuple[list[Line], list[Line]]:
    """Of the lines that stand those to be taken back, and of those that should the new ones."""
    left: dict[Hashable, list[Line]] = {}
    for line in standing:
        left.setdefault(_said(line), []).append(line)
    new = []
    for line in wanted:
        same = left.get(_said(line))
        if same:
            same.pop()
        else:
            new.append(line)
    return [line for lines in left.values() for line in lines], new


def _said(line: Line) -> Hashable:
    """All that a line says of the time that was spent."""
    return (
        *(line.work_date, line.minutes, line.product, line.participant),
        *(line.case_id, line.activity),
    )


def full_day(field: str, day: date) -> InvalidParam:
    """What is wrong when more hours are booked than the day has."""
    return InvalidParam(field, "dag_vol", f"Op {day:%d-%m-%Y} staan meer dan 24 uur.")


def submit(sheet: Sheet, employee: UUID, lines: int, now: datetime) -> tuple[Sheet, HoursSubmitted]:
    """Hand the week in. Raises Forbidden, NotAllowed."""
    require_own(sheet, employee)
    TRANSITIONS.require(sheet.state, State.SUBMITTED)
    if lines == 0:
        raise NotAllowed("Er staan nog geen uren op deze weekstaat", article="urenreglement")
    done = replace(sheet, state=State.SUBMITTED, version=sheet.version + 1, rejection=None)
    return done, HoursSubmitted(
        version=done.version,
        week_id=done.id,
        employee=done.employee,
        week=done.week,
        minutes=done.minutes,
        submitted_at=now,
    )


def approve(sheet: Sheet, approver: UUID, now: datetime) -> tuple[Sheet, HoursApproved]:
    """Approve the week of somebody else. Raises Forbidden, NotAllowed."""
    _require_other(sheet, approver)
    TRANSITIONS.require(sheet.state, State.APPROVED)
    done = replace(sheet, state=State.APPROVED, version=sheet.version + 1)
    return done, approved(done, now)


def approved(sheet: Sheet, now: datetime) -> HoursApproved:
    """The event of an approved sheet."""
    return HoursApproved(
        version=sheet.version,
        week_id=sheet.id,
        employee=sheet.employee,
        week=sheet.week,
        minutes=sheet.minutes,
        approved_at=now,
    )


def reject(sheet: Sheet, approver: UUID, reason: str) -> Sheet:
    """Send the week back with a reason. Raises Forbidden, NotAllowed, Conflict."""
    _require_other(sheet, approver)
    TRANSITIONS.require(sheet.state, State.OPEN)
    if not reason.strip():
        raise conflict("reason", "verplicht", "Schrijf op wat er anders moet.")
    return replace(sheet, state=State.OPEN, version=sheet.version + 1, rejection=reason.strip())


def _require_other(sheet: Sheet, approver: UUID) -> None:
    if sheet.employee == approver:
        raise Forbidden("Niemand keurt de eigen uren goed of af.")
