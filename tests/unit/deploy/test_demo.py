"""The example data leave something to do: complaints to link, inspections to hold."""

from collections import Counter
from datetime import date, timedelta

import pytest

from deploy.demo import files, hours, plans
from deploy.demo.world import World, build
from shared.calendar import is_working_day

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def world() -> World:
    return build(TODAY, places=4_000)


def test_what_just_came_in_waits_for_a_location(world: World) -> None:
    numbers = {place.key: f"L-{place.key}" for place in world.places}
    rows = [
        dict(zip(files.COMPLAINTS, row, strict=True))
        for row in files.complaint_rows(world.reports, numbers, TODAY)
    ]
    waiting = [row for row in rows if not row["location_number"]]
    assert waiting
    oldest = TODAY - files.FRESH
    for row, report in zip(rows, world.reports, strict=True):
        fresh = report.answered is None and report.received >= oldest
        assert (row in waiting) is fresh
        # Beside the place, so that it is near but not at the same address.
        assert (row["house_number"] != report.place.house_number) is fresh


def test_inspections_are_planned_around_today_where_nobody_was_for_long(world: World) -> None:
    chosen = plans._chosen(world, TODAY)
    assert chosen == plans._chosen(world, TODAY)
    assert len({place.key for place, _ in chosen}) == plans.PLANNED
    days = [on for _, on in chosen]
    assert min(days) < TODAY < max(days) <= TODAY + timedelta(weeks=3)
    assert all(map(is_working_day, days))
    lately = {visit.place.key for visit in world.visits if visit.on > TODAY - plans.LONG_AGO}
    assert not lately & {place.key for place, _ in chosen}


@pytest.mark.parametrize("today", [date(2026, 11, 30), date(2026, 12, 1), date(2027, 1, 1)])
def test_nobody_works_more_than_a_day_holds_or_tomorrow(world: World, today: date) -> None:
    """What is not answered yet was worked on until today: what remains of it is for later."""
    booked: Counter[tuple[str, date]] = Counter()
    for line in hours.lines(world, today):
        booked[line.employee, line.on] += line.minutes
    assert max(booked.values()) <= hours.DAY + hours.INDIRECT
    assert max(day for _, day in booked) <= today


@pytest.mark.parametrize("today", [TODAY + timedelta(days=step) for step in range(0, 60, 6)])
def test_a_measure_of_tomorrow_has_no_amount_today(today: date) -> None:
    visits = build(today, places=1_000).visits
    assert any(visit.amount for visit in visits)
    for visit in visits:
        assert (visit.measure_on is None) is (visit.instrument is None)
        assert visit.amount is None or visit.instrument == "last onder dwangsom"
        assert visit.resolved is None or visit.measure_on is not None
