"""What policy decides: validity, four eyes, and no new price for closed hours."""

from datetime import date

import pytest

from services.reporting.periods.domain import last_day
from services.reporting.prices import domain as versions
from services.reporting.prices.domain import Validity
from shared.errors import Conflict, Forbidden, NotAllowed

Y2025 = Validity(date(2025, 1, 1), date(2026, 1, 1))
SINCE_2026 = Validity(date(2026, 1, 1))


def test_the_last_day_does_not_count() -> None:
    assert Y2025.covers(date(2025, 12, 31))
    assert not Y2025.covers(date(2026, 1, 1))
    assert not Y2025.overlaps(SINCE_2026)
    assert SINCE_2026.overlaps(Validity(date(2030, 1, 1)))


def test_a_new_version_follows_up_the_open_ended_one() -> None:
    new = Validity(date(2027, 1, 1))
    assert versions.replaced_by([Y2025, SINCE_2026], new) == SINCE_2026
    assert versions.replaced_by([Y2025], SINCE_2026) is None


@pytest.mark.parametrize("start", [date(2025, 6, 1), date(2026, 1, 1)])
def test_a_decided_period_is_not_cut_into(start: date) -> None:
    with pytest.raises(NotAllowed, match="al een vastgestelde versie"):
        versions.replaced_by([Y2025, SINCE_2026], Validity(start))


def test_closed_hours_keep_their_price() -> None:
    closed = date(2026, 10, 31)
    with pytest.raises(NotAllowed):
        versions.require_open_period(date(2026, 10, 31), closed)
    versions.require_open_period(date(2026, 11, 1), closed)
    versions.require_open_period(date(2020, 1, 1), None)


def test_two_people_decide() -> None:
    with pytest.raises(Forbidden):
        versions.require_second_person("controller", "controller")
    versions.require_second_person("controller", "beheer")


def test_an_end_lies_after_its_start() -> None:
    with pytest.raises(Conflict):
        versions.require_order(Validity(date(2026, 1, 1), date(2026, 1, 1)))


def test_the_last_day_of_a_month() -> None:
    assert last_day(date(2024, 2, 1)) == date(2024, 2, 29)
    assert last_day(date(2026, 12, 1)) == date(2026, 12, 31)
