"""The weeks that the wire takes: those of which every Monday is a day that it takes."""

import pytest
from pydantic import TypeAdapter, ValidationError

from services.reporting.fields import Week
from services.reporting.weeks import domain as hours
from shared.http.schema import Day

WEEK: TypeAdapter[str] = TypeAdapter(Week)


@pytest.mark.parametrize("week", ["2000-W01", "2026-W53", "2099-W01", "2099-W53"])
def test_a_week_begins_on_a_day_of_the_wire(week: str) -> None:
    monday = hours.monday_of(WEEK.validate_python(week))
    assert TypeAdapter(Day).validate_python(monday.isoformat()) == monday


@pytest.mark.parametrize("week", ["1999-W52", "2100-W01", "2100-W32", "2025-W53", "2026-W00"])
def test_a_week_of_other_years_is_refused(week: str) -> None:
    with pytest.raises(ValidationError):
        WEEK.validate_python(week)
