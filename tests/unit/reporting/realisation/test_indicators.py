"""Indicators are shares of what was counted, for the agency and for each participant."""

from datetime import date

from services.reporting.realisation.domain.indicators import (
    DEFINITIONS,
    HourSums,
    Indicator,
    Sums,
    indicators,
)
from services.reporting.realisation.domain.plan import Ratio

DAY = date(2026, 6, 30)
AGENCY = HourSums(direct=70, present=100, on_case=50, approved=80, charged=60, written=110)
ENSCHEDE = HourSums(direct=7, present=10, on_case=5, approved=8, charged=6, written=11)
SUMS = Sums(
    hours={"": AGENCY, "gm0153": ENSCHEDE},
    planned_minutes={"": 600, "gm0153": 60},
    planned_quantity={"": 40, "gm0153": 4},
    delivered={"": 30, "gm0153": 3},
    closed={"": 20, "gm0153": 2},
    in_time={"": 10, "gm0153": 1},
)


def ratios(sums: Sums, who: str) -> dict[str, tuple[int, int]]:
    found = [each for each in indicators(sums, 2026, DAY) if each.participant == who]
    return {each.code: (each.ratio.numerator, each.ratio.denominator) for each in found}


def test_a_participant_has_the_shares_of_its_own_sums() -> None:
    assert ratios(SUMS, "gm0153") == {
        "uren-op-zaak": (5, 7),
        "uren-goedgekeurd": (8, 11),
        "begroting-besteed": (6, 60),
        "producten-geleverd": (3, 4),
        "klachten-op-tijd": (1, 2),
    }


def test_the_agency_also_has_the_share_of_direct_hours() -> None:
    assert ratios(SUMS, "") == {
        "uren-op-zaak": (50, 70),
        "uren-goedgekeurd": (80, 110),
        "begroting-besteed": (60, 600),
        "producten-geleverd": (30, 40),
        "klachten-op-tijd": (10, 20),
        "directe-uren": (70, 100),
    }


def test_an_indicator_carries_its_year_day_and_definition() -> None:
    first = indicators(SUMS, 2026, DAY)[0]
    assert first == Indicator("uren-op-zaak", "", 2026, DAY, Ratio(50, 70))
    assert first.definition is DEFINITIONS["uren-op-zaak"]
    assert first.definition.name == "Uren op een zaak"


def test_whoever_has_anything_to_count_is_measured_in_order_of_code() -> None:
    scattered = Sums(
        hours={"d": HourSums()},
        planned_minutes={"c": 1},
        delivered={"b": 1},
        closed={"a": 1},
        in_time={"nobody": 1},
        planned_quantity={"nobody": 1},
    )
    found = indicators(scattered, 2026, DAY)
    assert list(dict.fromkeys(each.participant for each in found)) == ["", "a", "b", "c", "d"]


def test_what_nobody_counted_is_zero_of_zero() -> None:
    assert set(ratios(Sums(), "").values()) == {(0, 0)}
    assert ratios(Sums(closed={"pv23": 3}), "pv23")["klachten-op-tijd"] == (0, 3)


def test_each_indicator_that_is_measured_is_defined() -> None:
    assert {each.code for each in indicators(SUMS, 2026, DAY)} == set(DEFINITIONS)
