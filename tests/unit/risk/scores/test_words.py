"""A score of a location worked out by hand, term by term, with every sentence of its explanation."""

from datetime import date
from decimal import Decimal
from typing import Any

from services.risk.locations.domain.facts import Complaint, Facts, Inspection, Measure, Violation
from services.risk.models.domain import Model
from services.risk.scores.domain import terms
from services.risk.scores.domain.scoring import changes, score
from services.risk.scores.domain.terms import Finding, Part
from shared.contracts.enforcement import Instrument

TODAY = date(2026, 11, 24)
ORDER = str(Instrument.PENALTY_ORDER)
PARAMETERS: dict[str, Any] = {
    "weights": {"effect": "0.40", "compliance": "0.40", "time": "0.20", "complaints": "0.00"},
    "effect": {
        "themes": {"veiligheid": 1, "hinder": 3},
        "scores": {
            "3": {"veiligheid": 1, "hinder": 1},
            "3.2": {"veiligheid": 2},
            "3.3": {"veiligheid": 5, "hinder": 5},
            "3.4": {"veiligheid": 4, "hinder": 2},
        },
        "more_activities": 0.1,
    },
    "compliance": {
        "window_years": 6,
        "half_life_years": 3,
        "prior": 0.5,
        "prior_inspections": 3,
        "followup_weight": 0.4,
        "violations_weight": 0.3,
        "severity_weight": 0.3,
        "violations_cap": 5,
        "severities": {"A1": 1, "B3": 6, "D4": 16},
        "enforcing": [ORDER],
    },
    "time": {
        "target_months": {"high": 12, "medium": 36, "low": 60},
        "effect_cuts": {"high": 0.6, "medium": 0.35},
    },
    "complaints": {"cap": 6, "trigger_count": 3, "trigger_months": 12},
    "classes": {"high": 50, "medium": 30},
    "hours": {"high": 24, "medium": 12, "low": 7},
}
MODEL = Model.of("proef-1", PARAMETERS)
COUNTING = Model.of(
    "proef-2", {**PARAMETERS, "weights": {**PARAMETERS["weights"], "complaints": "0.10"}}
)
KNOWN = Facts(
    activities=("3.2.1", "3.4.6"),
    core="3.4.6",
    inspections=(
        Inspection(date(2023, 11, 24), "C-1"),
        Inspection(date(2025, 11, 24), "C-2", reinspection=True),
    ),
    violations=(
        Violation(date(2023, 11, 24), "O-1", "D4"),
        Violation(date(2026, 11, 24), "O-2", "B3"),
        Violation(date(2026, 11, 1), "O-3"),
    ),
    measures=(Measure(date(2026, 11, 24), ORDER), Measure(date(2026, 1, 1), "waarschuwing")),
    complaints=(
        Complaint(date(2026, 11, 1), justified=True, count=2),
        Complaint(date(2025, 11, 1), justified=True),
        Complaint(date(2026, 10, 1), justified=False),
    ),
)
COMPLEX = Facts(activities=("3.4.6", "3.3.8"), core="3.3.8")


def part(name: str, value: str, explanation: str) -> Part:
    return Part(name, Decimal(value), explanation)


def test_effect_is_the_heaviest_activity_and_a_share_of_the_other() -> None:
    found = terms.effect(MODEL, KNOWN)
    assert found == Finding(
        (2.5 + 0.1 * 0.5) / 5,
        "2 activiteiten (Bal hoofdstuk 3)",
        None,
        (
            part("§ 3.4.6", "2.5", "effect 2,50 van 5, de zwaarste telt geheel mee"),
            part("§ 3.2.1", "0.5", "effect 0,50 van 5, telt voor 10% mee"),
        ),
    )
    one = terms.effect(MODEL, Facts(activities=("3.4.6",)))
    assert (one.value, one.source) == (0.5, "1 activiteit (Bal hoofdstuk 3)")


def test_effect_without_an_activity_is_that_of_the_chapter() -> None:
    sentence = "geen activiteit vastgelegd: gerekend met de algemene effectscore"
    assert terms.effect(MODEL, Facts()) == Finding(0.2, sentence)


def test_effect_within_a_complex_company() -> None:
    assert terms.effect(MODEL, COMPLEX) == Finding(
        1.0,
        "2 activiteiten (Bal hoofdstuk 3)",
        None,
        (
            part("§ 3.3.8", "5.0", "effect 5,00 van 5, de zwaarste telt geheel mee"),
            part("§ 3.4.6", "2.5", "effect 2,50 van 5, hoort bij het complexe bedrijf (art. 3.49)"),
        ),
    )
    outside = Facts(activities=("3.2.1", "3.3.8", "3.4.6"), core="3.3.8")
    assert [each.name for each in terms.effect(MODEL, outside).parts] == [
        "§ 3.3.8",
        "§ 3.2.1",
        "§ 3.4.6",
    ]
    beside = terms.effect(MODEL, Facts(activities=("3.4.6", "3.3.8"), core="3.4.6"))
    assert beside.parts[1].explanation == "effect 2,50 van 5, telt voor 10% mee"


def test_equal_activities_come_by_their_code_and_unknown_ones_as_the_chapter() -> None:
    found = terms.effect(MODEL, Facts(activities=("3.4.7", "3.4.6", "3.9.1", "4.1")))
    assert [(each.name, each.value) for each in found.parts] == [
        ("§ 3.4.6", Decimal("2.5")),
        ("§ 3.4.7", Decimal("2.5")),
        ("§ 3.9.1", Decimal("1.0")),
        ("§ 4.1", Decimal("0.0")),
    ]
    assert found.value == (2.5 + 0.1 * 3.5) / 5


def test_compliance_of_a_known_location() -> None:
    found = terms.compliance(MODEL, KNOWN, TODAY)
    # Half after three years: 0.5 + 0.5^(1/3) inspections, 0.5 + 1 + 1 violations, D4 halved.
    per_inspection = 2.5 / (0.5 + 0.5 ** (1 / 3))
    assert abs(found.value - (0.4 + 0.3 * per_inspection / 5 + 0.3 * 0.5)) < 1e-6
    assert (found.source, found.on) == ("2 controles, 3 overtredingen, 2 maatregelen", TODAY)
    assert found.parts == (
        part(
            "Handhaving en hercontroles",
            "1.0",
            "1 sanctie en 1 hercontrole op 1 andere controle, tijdgewogen",
        ),
        part(
            "Overtredingen per controle",
            "0.386488",
            "1,93 per controle, tijdgewogen; de schaal loopt tot 5",
        ),
        part("Zwaarste LHSO-positie", "0.5", "cel D4, van 24-11-2023, tijdgewogen"),
    )


def test_compliance_of_an_unknown_location_is_the_prior() -> None:
    assert terms.compliance(MODEL, Facts(), TODAY) == Finding(
        0.5,
        "0 controles, 0 overtredingen, 0 maatregelen",
        None,
        (
            part(
                "Handhaving en hercontroles",
                "0.0",
                "0 sancties en 0 hercontroles op 0 andere controles, tijdgewogen",
            ),
            part(
                "Overtredingen per controle",
                "0.0",
                "0,00 per controle, tijdgewogen; de schaal loopt tot 5",
            ),
            part("Zwaarste LHSO-positie", "0.0", "geen overtreding binnen het venster"),
            part("Voorkennis", "0.5", "0,0 tijdgewogen controles: getrokken naar 0,50"),
        ),
    )


def test_a_clean_record_is_drawn_to_the_prior_by_few_inspections() -> None:
    clean = Facts(inspections=(Inspection(TODAY), Inspection(date(2023, 11, 24))))
    found = terms.compliance(MODEL, clean, TODAY)
    assert abs(found.value - 3 * 0.5 / (1.5 + 3)) < 1e-9
    explanation = "1,5 tijdgewogen controles: getrokken naar 0,50"
    assert found.parts[-1] == part("Voorkennis", "0.5", explanation)


def without_prior(**changes: float) -> Model:
    rules = {**PARAMETERS["compliance"], "prior_inspections": 0, **changes}
    return Model.of("zonder", {**PARAMETERS, "compliance": rules})


def test_without_a_prior_the_record_counts_as_it_is() -> None:
    clean = Facts(inspections=(Inspection(TODAY),))
    assert terms.compliance(without_prior(), clean, TODAY).value == 0
    assert terms.compliance(without_prior(), Facts(), TODAY).value == 0.5


def test_follow_up_is_a_share_of_the_other_inspections() -> None:
    seen = Facts(
        inspections=(
            Inspection(TODAY),
            Inspection(TODAY, "C-2"),
            Inspection(date(2023, 11, 24), "C-3", reinspection=True),
        ),
        measures=(Measure(TODAY, "waarschuwing"),),
    )
    first = terms.compliance(MODEL, seen, TODAY).parts[0]
    explanation = "0 sancties en 1 hercontrole op 2 andere controles, tijdgewogen"
    assert first == part("Handhaving en hercontroles", "0.25", explanation)
    only = Facts(inspections=seen.inspections[2:])
    assert terms.compliance(MODEL, only, TODAY).parts[0].value == Decimal("0.5")


def test_many_violations_are_the_top_of_the_scale() -> None:
    six = tuple(Violation(TODAY, f"O-{n}", "A1") for n in range(6))
    many = Facts(inspections=(Inspection(TODAY),), violations=six)
    found = terms.compliance(without_prior(), many, TODAY)
    assert found.parts[1].value == 1
    assert abs(found.value - (0.3 + 0.3 / 16)) < 1e-6
    assert found.parts[2] == part(
        "Zwaarste LHSO-positie", "0.0625", "cel A1, van 24-11-2026, tijdgewogen"
    )


def test_the_worst_violation_that_was_not_positioned() -> None:
    waiting = Facts(violations=(Violation(date(2026, 11, 2), "O-1"),))
    assert terms.compliance(MODEL, waiting, TODAY).parts[2] == part(
        "Zwaarste LHSO-positie", "0.0625", "nog niet gepositioneerd, van 02-11-2026, tijdgewogen"
    )


def test_the_last_day_of_the_window_counts() -> None:
    last = Facts(violations=(Violation(date(2020, 11, 24), "O-1", "D4"),))
    assert terms.compliance(MODEL, last, TODAY).parts[2].value == Decimal("0.25")
    before = Facts(violations=(Violation(date(2020, 10, 24), "O-1", "D4"),))
    assert terms.compliance(MODEL, before, TODAY).parts[2].value == 0


def test_time_is_a_share_of_the_target_of_the_class_of_effect() -> None:
    assert terms.elapsed(MODEL, KNOWN, TODAY) == Finding(
        12 / 36,
        "laatste controle C-2",
        date(2025, 11, 24),
        (
            part(
                "Maanden sinds de laatste controle",
                "12",
                "streeftermijn 36 maanden (effectklasse midden)",
            ),
        ),
    )
    nameless = Facts(inspections=(Inspection(date(2020, 1, 1)),))
    long_ago = terms.elapsed(MODEL, nameless, TODAY)
    assert (long_ago.value, long_ago.source) == (1.0, "laatste controle")
    sentence = "nooit gecontroleerd: telt als een volle termijn"
    assert terms.elapsed(MODEL, Facts(), TODAY) == Finding(1.0, sentence)


def test_complaints_are_told_also_where_they_do_not_count() -> None:
    parts = (part("Ontvangen", "4", "in 24 maanden"), part("Gegrond", "3", "in 24 maanden"))
    source = "3 ontvangen, 2 gegrond in 12 maanden"
    day = date(2026, 11, 1)
    assert terms.complaints(COUNTING, KNOWN, TODAY) == Finding(0.5, source, day, parts)
    silent = f"{source}; klachten tellen niet mee in de score"
    assert terms.complaints(MODEL, KNOWN, TODAY) == Finding(0.5, silent, day, parts)
    many = Facts(complaints=(Complaint(TODAY, justified=True, count=7),))
    assert terms.complaints(MODEL, many, TODAY).value == 1.0


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
