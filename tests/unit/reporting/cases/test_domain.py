"""Which product a case is about, which event counts it, and one row per case."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from services.reporting.cases.domain import (
    CaseEvent,
    ProductRule,
    case_rows,
    deliveries,
    rule_for,
)

GENERAL = ProductRule("", "T10-01", counts=True, valid_from=date(2026, 1, 1), valid_until=None)
SPECIAL = replace(GENERAL, qualifier="hercontrole", product="T10-02", counts=False)
LAST_YEAR = replace(
    SPECIAL, product="T09-02", valid_from=date(2025, 1, 1), valid_until=date(2026, 1, 1)
)
RULES = (GENERAL, SPECIAL, LAST_YEAR)
DAY = date(2026, 3, 2)
CASE, OTHER = UUID(int=2), UUID(int=1)
LOCATION = UUID(int=9)
EVENT = CaseEvent(
    event_id=UUID(int=50),
    event="nl.vth.controles.afgerond",
    case_id=CASE,
    version=4,
    kind="controle",
    number="C-2026-0001",
    qualifier="aspect",
    day=DAY,
    participant="gm0153",
    location_id=LOCATION,
    opened_on=date(2026, 2, 1),
    closed_on=DAY,
    within_term=False,
)


@pytest.mark.parametrize(
    ("qualifier", "day", "product"),
    [
        ("aspect", DAY, "T10-01"),
        ("hercontrole", DAY, "T10-02"),
        ("hercontrole", date(2026, 1, 1), "T10-02"),
        ("hercontrole", date(2025, 12, 31), "T09-02"),
        ("hercontrole", date(2025, 1, 1), "T09-02"),
        ("aspect", date(2025, 12, 31), None),
        ("hercontrole", date(2024, 12, 31), None),
    ],
)
def test_the_rule_of_the_day_its_own_qualifier_first(
    qualifier: str, day: date, product: str | None
) -> None:
    rule = rule_for(RULES, qualifier, day)
    assert (rule.product if rule else None) == product


def test_a_rule_ends_before_its_last_day() -> None:
    assert LAST_YEAR.holds_on(date(2025, 12, 31))
    assert not LAST_YEAR.holds_on(date(2026, 1, 1))


def test_a_case_has_the_product_of_its_qualifier() -> None:
    again = replace(EVENT, qualifier="hercontrole")
    assert case_rows([again], RULES)[0]["product"] == "T10-02"


def test_a_case_is_kept_as_the_event_tells_it() -> None:
    assert case_rows([replace(EVENT, source_key="proef/7")], RULES) == [
        {
            "id": CASE,
            "version": 4,
            "kind": "controle",
            "number": "C-2026-0001",
            "qualifier": "aspect",
            "participant": "gm0153",
            "location_id": LOCATION,
            "product": "T10-01",
            "opened_on": date(2026, 2, 1),
            "closed_on": DAY,
            "within_term": False,
            "active_on": DAY,
            "source_key": "proef/7",
        }
    ]
    assert case_rows([EVENT], [])[0]["product"] is None


def test_of_one_case_the_newest_version_counts_and_what_it_leaves_out_stays() -> None:
    newer = replace(EVENT, version=5, number="C-2026-0002", participant=None, within_term=None)
    for events in ([EVENT, newer], [newer, EVENT]):
        (row,) = case_rows(events, RULES)
        assert (row["version"], row["number"]) == (5, "C-2026-0002")
        assert (row["participant"], row["within_term"]) == ("gm0153", False)


def test_cases_come_in_the_order_of_their_ids() -> None:
    other = replace(EVENT, case_id=OTHER)
    assert [row["id"] for row in case_rows([EVENT, other], RULES)] == [OTHER, CASE]


def test_an_event_that_counts_delivers_its_product() -> None:
    assert deliveries([EVENT], RULES, {}) == [
        {
            "id": EVENT.event_id,
            "subject": CASE,
            "product": "T10-01",
            "event": "nl.vth.controles.afgerond",
            "event_id": EVENT.event_id,
            "participant": "gm0153",
            "delivered_on": DAY,
            "case_kind": "controle",
            "case_number": "C-2026-0001",
        }
    ]


def test_an_event_without_a_rule_or_that_does_not_count_delivers_nothing() -> None:
    early = replace(EVENT, day=date(2024, 1, 1))
    again = replace(EVENT, qualifier="hercontrole")
    assert [row["id"] for row in deliveries([early, again, EVENT], RULES, {})] == [EVENT.event_id]


def test_who_gets_the_product_is_known_from_the_case_where_the_event_is_silent() -> None:
    silent = replace(EVENT, participant=None)
    known = {CASE: "gm0164"}
    assert deliveries([silent], RULES, known)[0]["participant"] == "gm0164"
    assert deliveries([EVENT], RULES, known)[0]["participant"] == "gm0153"
    assert deliveries([silent], RULES, {})[0]["participant"] is None


def test_a_later_event_without_a_key_takes_none_away() -> None:
    known = replace(EVENT, source_key="proef/7", version=EVENT.version - 1)
    (row,) = case_rows([EVENT, known], RULES)
    assert (row["version"], row["source_key"]) == (EVENT.version, "proef/7")
