"""A score of a location worked out by hand, what is missing, and what would change it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from services.risk.locations.domain.facts import Facts, Inspection, Violation
from services.risk.scores.domain import terms
from services.risk.scores.domain.scoring import changes, score
from tests.unit.risk.cases import COUNTING, KNOWN, MODEL, TODAY


def test_a_score_whole() -> None:
    found = score(MODEL, KNOWN, TODAY)
    assert (found.total, str(found.risk_class)) == (Decimal("53.71"), "hoog")
    assert [(each.name, each.value, each.weight, each.contribution) for each in found.terms] == [
        ("Effect van de activiteiten", Decimal("0.51"), Decimal("0.40"), Decimal("20.40")),
        ("Naleefgedrag", Decimal("0.6659"), Decimal("0.40"), Decimal("26.64")),
        ("Tijd sinds laatste controle", Decimal("0.3333"), Decimal("0.20"), Decimal("6.67")),
        ("Klachten", Decimal("0.5"), Decimal("0.00"), Decimal("0.00")),
    ]
    of_time = terms.elapsed(MODEL, KNOWN, TODAY)
    third = found.terms[2]
    assert (third.source, third.on, third.parts) == (of_time.source, of_time.on, of_time.parts)
    assert found.model_version == "proef-1"
    assert (found.never_inspected, found.extra_inspection) == (False, False)
    assert found.missing == ("1 overtreding nog niet gepositioneerd",)


def test_everything_that_is_not_known_is_named() -> None:
    bare = Facts(
        activities=("9.2", "3.4.6", "8.1"), violations=(Violation(TODAY), Violation(TODAY, "O-2"))
    )
    found = score(MODEL, bare, TODAY)
    assert found.never_inspected
    assert found.missing == (
        "nooit gecontroleerd",
        "geen effectscore voor § 8.1, 9.2",
        "2 overtredingen nog niet gepositioneerd",
    )


def test_what_would_change_the_score() -> None:
    found = [
        (each.what, each.total, each.difference, str(each.risk_class))
        for each in changes(MODEL, KNOWN, TODAY)
    ]
    assert found == [
        (
            "Een controle vandaag zonder overtreding",
            Decimal("45.02"),
            Decimal("-8.69"),
            "midden",
        ),
        (
            "Een controle vandaag met een overtreding in cel B3",
            Decimal("46.06"),
            Decimal("-7.65"),
            "midden",
        ),
        ("Een last onder dwangsom vandaag", Decimal("53.71"), Decimal("0.00"), "hoog"),
        (
            "Beëindigen van de kernactiviteit § 3.4.6",
            Decimal("34.64"),
            Decimal("-19.07"),
            "midden",
        ),
        ("Een klacht die gegrond blijkt", Decimal("53.71"), Decimal("0.00"), "hoog"),
        ("12 maanden zonder controle", Decimal("59.13"), Decimal("5.42"), "hoog"),
    ]


def test_a_justified_complaint_changes_the_score_where_complaints_count() -> None:
    found = {each.what: each.difference for each in changes(COUNTING, KNOWN, TODAY)}
    assert found["Een klacht die gegrond blijkt"] == Decimal("1.67")


def test_only_what_can_be_done_is_supposed() -> None:
    bare = [each.what for each in changes(MODEL, Facts(activities=("3.4.6",)), TODAY)]
    assert bare == [
        "Een controle vandaag zonder overtreding",
        "Een controle vandaag met een overtreding in cel B3",
        "Een klacht die gegrond blijkt",
        "12 maanden zonder controle",
    ]


def test_the_first_activity_is_the_core_where_none_is_named() -> None:
    unnamed = Facts(activities=("3.2.1", "3.4.6"))
    assert "Beëindigen van de kernactiviteit § 3.2.1" in [
        each.what for each in changes(MODEL, unnamed, TODAY)
    ]


def test_the_activity_that_stays_becomes_the_core() -> None:
    ending = Facts(activities=("3.2.1", "3.3.8", "3.4.6"), core="3.2.1")
    complex_after = Facts(activities=("3.3.8", "3.4.6"), core="3.3.8")
    found = {each.what: each.total for each in changes(MODEL, ending, TODAY)}
    expected = score(MODEL, complex_after, TODAY).total
    assert found["Beëindigen van de kernactiviteit § 3.2.1"] == expected


def test_a_year_after_a_leap_day() -> None:
    day = date(2024, 2, 29)
    seen = Facts(inspections=(Inspection(day),))
    found = {each.what: each.total for each in changes(MODEL, seen, day)}
    expected = score(MODEL, seen, date(2025, 2, 28)).total
    assert found["12 maanden zonder controle"] == expected


def test_a_violation_that_is_supposed_has_its_cell() -> None:
    seen = Facts(inspections=(Inspection(TODAY),))
    found = {each.what: each.total for each in changes(MODEL, Facts(), TODAY)}
    worse = replace(seen, violations=(Violation(TODAY, cell="B3"),))
    expected = score(MODEL, worse, TODAY).total
    assert found["Een controle vandaag met een overtreding in cel B3"] == expected
    assert score(MODEL, replace(seen, violations=(Violation(TODAY),)), TODAY).total < expected


def test_a_year_later_is_the_same_day() -> None:
    day = date(2026, 11, 15)
    seen = Facts(inspections=(Inspection(date(2026, 1, 20)),))
    found = {each.what: each.total for each in changes(MODEL, seen, day)}
    expected = score(MODEL, seen, date(2027, 11, 15)).total
    assert found["12 maanden zonder controle"] == expected
