"""What a version of a price refuses, in which words; the days on which it holds."""

from datetime import date
from decimal import Decimal

import pytest

from services.reporting.prices import domain as versions
from services.reporting.prices.domain import Priced, Validity, collective_part
from shared.errors import Forbidden
from tests.support.refusals import not_allowed, refused, wrong_field

Y2025 = Validity(date(2025, 1, 1), date(2026, 1, 1))
SINCE_2026 = Validity(date(2026, 1, 1))


def test_the_first_day_counts() -> None:
    assert Y2025.covers(date(2025, 1, 1))
    assert not Y2025.covers(date(2024, 12, 31))
    assert SINCE_2026.covers(date(2026, 1, 1))


def test_neighbours_do_not_overlap_from_either_side() -> None:
    assert not Y2025.overlaps(SINCE_2026)
    assert not SINCE_2026.overlaps(Y2025)
    within = Validity(date(2025, 12, 31), date(2026, 1, 1))
    assert Y2025.overlaps(within)
    assert within.overlaps(Y2025)
    assert not SINCE_2026.overlaps(within)


def test_refusals_name_the_policy() -> None:
    four_eyes = "Iemand anders dan de voorsteller moet dit vaststellen (vierogenprincipe)."
    with refused(four_eyes, Forbidden):
        versions.require_second_person("controller", "controller")
    sentence = "Een nieuwe versie kan pas ingaan na 31-10-2026, het eind van wat is afgesloten"
    with not_allowed(sentence, "maandafsluiting"):
        versions.require_open_period(date(2026, 10, 31), date(2026, 10, 31))
    sentence = "Er geldt al een vastgestelde versie vanaf 01-01-2026"
    with not_allowed(sentence, "geldigheid"):
        versions.replaced_by([Y2025, SINCE_2026], SINCE_2026)


def test_a_decided_period_with_an_end_is_not_cut_into() -> None:
    with not_allowed("Er geldt al een vastgestelde versie vanaf 01-01-2025", "geldigheid"):
        versions.replaced_by([Y2025], Validity(date(2025, 6, 1)))


def test_a_version_far_away_does_not_hide_the_one_it_follows() -> None:
    before = Validity(date(2020, 1, 1), date(2021, 1, 1))
    new = Validity(date(2027, 1, 1))
    assert versions.replaced_by([SINCE_2026, before], new) == SINCE_2026
    assert versions.replaced_by([before, SINCE_2026], new) == SINCE_2026


@pytest.mark.parametrize("end", [date(2026, 1, 1), date(2025, 12, 31)])
def test_an_end_lies_after_its_start(end: date) -> None:
    reason = "Vul een datum in die na geldigVanaf ligt."
    with wrong_field("valid_until", "volgorde", reason):
        versions.require_order(Validity(date(2026, 1, 1), end))
    versions.require_order(Validity(date(2026, 1, 1), date(2026, 1, 2)))
    versions.require_order(SINCE_2026)


def test_each_line_of_collective_hours_is_divided() -> None:
    rate = Decimal("95.0000")
    hours = [Priced("R10-01", "t", rate, 1), Priced("R10-02", "u", rate, 30)]
    parts = collective_part(hours, {"A": 2, "B": 1}, "B")
    assert parts == (Priced("R10-02", "u", rate, 10, collective=True),)
    both = collective_part(hours, {"A": 2, "B": 1}, "A")
    assert [(part.product, part.tariff_id, part.minutes) for part in both] == [
        ("R10-01", "t", 1),
        ("R10-02", "u", 20),
    ]
