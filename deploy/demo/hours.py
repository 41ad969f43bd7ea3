"""The hours of the example agency: what each case took, and the rest of the week."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from deploy.demo.places import AREAS
from deploy.demo.world import SEED, World
from shared.calendar import is_working_day

STEP = 15
DAY = 480
PIECE = 240
INDIRECT = 120
INSPECTORS = ("toezicht", *(f"toezicht-{n:02d}" for n in range(1, 29)))
OFFICERS = ("klachten", *(f"klachten-{n:02d}" for n in range(1, 8)))
LAWYERS = ("jurist", *(f"jurist-{n:02d}" for n in range(1, 6)))
PERMITS = tuple(f"vergunning-{n:02d}" for n in range(1, 25))
VISIT_PRODUCT = {"periodieke controle": ("T10-01", 720), "hercontrole": ("T10-04", 240)}
# Product, the minutes one takes, and how many a year for each share of the locations.
DEMAND = (("V10-01", 2400, 1), ("M10-01", 360, 4), ("V10-03", 540, 2), ("A10-01", 840, 1))


@dataclass(frozen=True, slots=True)
class Task:
    """Work on one thing."""

    on: date
    participant: str
    product: str
    minutes: int
    team: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """A line of a week sheet."""

    key: str
    employee: str
    on: date
    minutes: int
    product: str
    participant: str | None


def tasks(world: World, today: date) -> list[Task]:
    """Everything that took time, oldest first."""
    random = Random(SEED + 1)  # noqa: S311 - repeatable on purpose
    found = list(_case_tasks(random, world, today))
    found += _demand_tasks(random, today)
    return sorted(found, key=lambda task: (task.on, task.participant, task.product))


def _case_tasks(random: Random, world: World, today: date) -> Iterator[Task]:
    for visit in world.visits:
        product, norm = VISIT_PRODUCT[visit.kind]
        yield _task(random, visit.on, visit.place.participant, product, norm, INSPECTORS)
        if visit.instrument == "last onder dwangsom" and visit.measure_on:
            yield _task(random, visit.measure_on, visit.place.participant, "H10-02", 900, LAWYERS)
    for report in world.reports:
        on = report.answered or today
        yield _task(random, on, report.place.participant, "K10-01", 240, OFFICERS)


def _demand_tasks(random: Random, today: date) -> Iterator[Task]:
    for year in range(today.year - 2, today.year + 1):
        for area in AREAS:
            for product, norm, count in DEMAND:
                for _ in range(count * area.share):
                    on = date(year, 1, 1) + timedelta(days=random.randint(4, 360))
                    if on < today:
                        yield _task(random, on, area.participant, product, norm, PERMITS)


def _task(
    random: Random, on: date, participant: str, product: str, norm: int, team: tuple[str, ...]
) -> Task:
    minutes = round(norm * random.triangular(0.6, 1.6, 1.0) / STEP) * STEP
    return Task(on, participant, product, max(STEP, minutes), team)


def lines(world: World, today: date) -> Iterator[Hours]:
    """The tasks spread over people and working days, and the indirect hours of every week."""
    booked: dict[tuple[str, date], int] = defaultdict(int)
    number = 0
    for turn, task in enumerate(tasks(world, today)):
        employee = task.team[turn % len(task.team)]
        for day, minutes in _spread(task, employee, booked, today):
            number += 1
            yield Hours(f"UR-{number:06d}", employee, day, minutes, task.product, task.participant)
    for employee in (*INSPECTORS, *OFFICERS, *LAWYERS, *PERMITS):
        for day in _mondays(today):
            number += 1
            yield Hours(f"UR-{number:06d}", employee, day, INDIRECT, "I10-01", None)


def _spread(
    task: Task, employee: str, booked: dict[tuple[str, date], int], today: date
) -> Iterator[tuple[date, int]]:
    """As far as it was done: what is left of it is for the days to come."""
    left, day = task.minutes, task.on
    while left > 0 and day <= today:
        room = DAY - booked[employee, day] if is_working_day(day) else 0
        if room >= STEP:
            minutes = min(left, room, PIECE)
            booked[employee, day] += minutes
            left -= minutes
            yield day, minutes
        day += timedelta(days=1)


def _mondays(today: date) -> Iterator[date]:
    day = date(today.year - 2, 1, 1)
    while day < today:
        if day.weekday() == 0 and is_working_day(day):
            yield day
        day += timedelta(days=1)
