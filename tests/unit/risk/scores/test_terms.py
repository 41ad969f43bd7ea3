"""The terms of a score worked out by hand, with every sentence of their explanation."""

from datetime import date
from decimal import Decimal

from services.risk.locations.domain.facts import Complaint, Facts, Inspection, Measure, Violation
from services.risk.models.domain import Model
from services.risk.scores.domain import terms
from services.risk.scores.domain.terms import Finding, Part
from tests.unit.risk.cases import COMPLEX, COUNTING, KNOWN, MODEL, PARAMETERS, TODAY


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
