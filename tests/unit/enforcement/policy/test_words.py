"""What policy says, word for word: mandates, the matrix, and what looks like recidivism."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from services.enforcement.policy.domain import matrix as matrices
from services.enforcement.policy.domain.dated_policy import (
    Earlier,
    Kinship,
    Match,
    Policy,
    Suggestion,
    months_before,
    suggest,
)
from services.enforcement.policy.domain.mandate import (
    NOT_NEEDED,
    Check,
    Decision,
    Mandate,
    check,
    require,
    require_period,
    taken_over,
)
from services.enforcement.policy.domain.matrix import STATES, Cell, MatrixState
from shared.contracts.enforcement import Instrument
from shared.ids import new_id
from tests.support.refusals import not_allowed, wrong_field
from tests.unit.enforcement.cases import TODAY, a_mandate, the_matrix

NBSP = "\N{NO-BREAK SPACE}"
MATRIX = the_matrix()
DRAFT = replace(MATRIX, version=4, state=MatrixState.DRAFT, confirmed=False, author="jurist")
ENSCHEDE = "college van burgemeester en wethouders van Enschede"


def asked(**changes: Any) -> Decision:
    functions = frozenset({"jurist"})
    usual = Decision("gm0153", Instrument.PENALTY_ORDER, Decimal(5000), TODAY, functions)
    return replace(usual, **changes)


@pytest.mark.parametrize(
    ("mandate", "granted"),
    [
        (a_mandate(), f"Namens {ENSCHEDE}, als jurist (Awb 5:32)"),
        (
            a_mandate(maximum=Decimal(5000), valid_until=TODAY),
            (
                f"Namens {ENSCHEDE}, als jurist (Awb 5:32), ten hoogste €{NBSP}5.000,00 "
                "tot en met 24-11-2026"
            ),
        ),
        (
            a_mandate(maximum=Decimal(5001), valid_from=TODAY),
            f"Namens {ENSCHEDE}, als jurist (Awb 5:32), ten hoogste €{NBSP}5.001,00",
        ),
    ],
)
def test_a_mandate_that_covers_the_decision(mandate: Mandate, granted: str) -> None:
    assert check([mandate], asked()) == Check(allowed=True, reason=granted, mandate=mandate)


@pytest.mark.parametrize(
    ("decision", "missing"),
    [
        (
            asked(functions=frozenset({"planner", "beheerder"})),
            (
                "Geen mandaat van deelnemer gm0153 voor last onder dwangsom aan beheerder, "
                "planner; het bestuursorgaan beslist zelf"
            ),
        ),
        (
            asked(participant=None, functions=frozenset()),
            (
                "Geen mandaat van deelnemer onbekend voor last onder dwangsom aan geen functie; "
                "het bestuursorgaan beslist zelf"
            ),
        ),
    ],
)
def test_a_mandate_that_is_missing(decision: Decision, missing: str) -> None:
    assert check([a_mandate()], decision) == Check(allowed=False, reason=missing)


@pytest.mark.parametrize(
    ("changes", "decision", "refusal"),
    [
        (
            {"valid_until": date(2026, 11, 23)},
            asked(),
            "Het mandaat voor last onder dwangsom geldt niet op 24-11-2026",
        ),
        (
            {"exclusion": "politiek gevoelig"},
            asked(),
            "Uitgesloten van het mandaat: politiek gevoelig",
        ),
        (
            {"maximum": Decimal("4999.99")},
            asked(),
            f"Het mandaat gaat tot €{NBSP}4.999,99; dit besluit gaat over €{NBSP}5.000,00",
        ),
        (
            {"maximum": Decimal(-1)},
            asked(amount=None),
            f"Het mandaat gaat tot €{NBSP}\N{MINUS SIGN}1,00; dit besluit gaat over €{NBSP}0,00",
        ),
    ],
)
def test_a_mandate_that_does_not_cover_the_decision(
    changes: dict[str, Any], decision: Decision, refusal: str
) -> None:
    mandate = a_mandate(**changes)
    refused = Check(allowed=False, reason=refusal, mandate=mandate)
    assert check([mandate, a_mandate(exclusion="later")], decision) == refused
    assert check([mandate, a_mandate()], decision).allowed


def test_without_an_amount_a_maximum_is_no_limit() -> None:
    assert check([a_mandate(maximum=Decimal(0))], asked(amount=None)).allowed


def test_a_check_as_it_is_kept_with_the_decision() -> None:
    mandate = a_mandate(confirmed=True)
    assert Check(allowed=True, reason="Namens", mandate=mandate).record(TODAY) == {
        "toegestaan": True,
        "toelichting": "Namens",
        "getoetstOp": "2026-11-24",
        "mandaatId": str(mandate.id),
        "orgaan": ENSCHEDE,
        "functie": "jurist",
        "artikel": "Awb 5:32",
        "vastgesteld": True,
    }
    assert NOT_NEEDED.record(TODAY) == {
        "toegestaan": True,
        "toelichting": "Geen besluit in de zin van de Awb: mandaat is niet nodig.",
        "getoetstOp": "2026-11-24",
        "mandaatId": None,
        "orgaan": None,
        "functie": None,
        "artikel": None,
        "vastgesteld": False,
    }
    assert taken_over("Powerbrowser") == Check(allowed=True, reason="Overgenomen uit Powerbrowser")


def test_a_decision_needs_its_mandate_and_its_consultation() -> None:
    with not_allowed("Geen mandaat", "Awb 10:1 en 10:3"):
        require(Check(allowed=False, reason="Geen mandaat"), "Wethouder")
    first = Check(allowed=True, reason="Namens", mandate=a_mandate(consult_first=True))
    sentence = "Het mandaat vraagt vooraf overleg met het bestuursorgaan: leg het overleg vast"
    for consulted in (None, ""):
        with not_allowed(sentence, "Awb 10:6"):
            require(first, consulted)
    require(first, "Wethouder")
    require(Check(allowed=True, reason="Namens", mandate=a_mandate()), None)
    require(NOT_NEEDED, None)


def test_the_period_of_a_mandate() -> None:
    require_period(a_mandate(valid_from=TODAY, valid_until=TODAY))
    require_period(a_mandate(valid_until=None))
    with wrong_field("valid_until", "voor-begin", "Het einde ligt voor het begin."):
        require_period(a_mandate(valid_from=TODAY, valid_until=date(2026, 11, 23)))


def test_the_edges_of_a_matrix() -> None:
    assert set(STATES.edges) == {
        (MatrixState.DRAFT, MatrixState.ACTIVE),
        (MatrixState.ACTIVE, MatrixState.EXPIRED),
    }


def test_adopting_a_matrix_whole() -> None:
    assert matrices.activate(DRAFT, "DB 2026-9", "bestuur") == replace(
        DRAFT,
        version=5,
        state=MatrixState.ACTIVE,
        confirmed=True,
        decision_reference="DB 2026-9",
        activated_by="bestuur",
    )
    sentence = "Een ander dan de opsteller stelt de matrix vast"
    with not_allowed(sentence, "vierogenprincipe"):
        matrices.activate(DRAFT, "DB 2026-9", "jurist")


def without(name: str) -> Iterable[Cell]:
    return (cell for cell in MATRIX.cells.values() if cell.cell != name)


def test_a_matrix_has_each_cell_once_with_an_intervention() -> None:
    cells = list(MATRIX.cells.values())
    assert matrices.require_complete(cells) == dict(MATRIX.cells)
    incomplete = "Geef elk van de 16 cellen (A1 tot en met D4) eens."
    strange = replace(cells[0], cell="E5")
    for wrong in ([*without("A1")], [*cells, cells[0]], [*without("A1"), strange]):
        with wrong_field("cells", "onvolledig", incomplete):
            matrices.require_complete(wrong)
    empty = replace(MATRIX.cells["A1"], administrative=())
    with wrong_field("cells", "zonder-advies", "Geef elke cel ten minste een interventie."):
        matrices.require_complete([*without("A1"), empty])


def test_how_dark_a_cell_is_drawn() -> None:
    levels = {cell: matrices.level_of(cell) for cell in ("A1", "B1", "A2", "C3", "D4")}
    assert levels == {"A1": 1, "B1": 2, "A2": 2, "C3": 5, "D4": 7}


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 5, 31), 1, date(2026, 4, 30)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 24, date(2024, 12, 31)),
        (date(2026, 1, 31), 12, date(2025, 1, 31)),
    ],
)
def test_months_before_a_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


POLICY = Policy(
    version=3,
    hearing_days=14,
    recidivism_months=24,
    recidivism_match=Match.RULE,
    qualifying=("last onder dwangsom",),
    planning_days={"spoed": 0, "normaal": 5},
)
ALIKE = Kinship("Bal 4.1", "geur", "milieu")
EARLIER = Earlier(new_id(), "OV-2025-1", date(2025, 1, 1), ALIKE, ("last onder dwangsom",))


@pytest.mark.parametrize(
    ("count", "confirmed", "words"),
    [
        (
            0,
            False,
            (
                "Geen eerdere overtreding van hetzelfde voorschrift sinds 24-11-2024 waartegen is "
                "opgetreden (beleid versie 3, voorbeeldwaarden)"
            ),
        ),
        (
            1,
            True,
            (
                "1 eerdere overtreding van hetzelfde voorschrift sinds 24-11-2024 waartegen is "
                "opgetreden (beleid versie 3)"
            ),
        ),
        (
            2,
            True,
            (
                "2 eerdere overtredingen van hetzelfde voorschrift sinds 24-11-2024 waartegen is "
                "opgetreden (beleid versie 3)"
            ),
        ),
    ],
)
def test_a_suggestion_in_words(count: int, words: str, *, confirmed: bool) -> None:
    found = suggest(replace(POLICY, confirmed=confirmed), ALIKE, TODAY, [EARLIER] * count)
    assert found == Suggestion(count > 0, (EARLIER,) * count, words)
    assert found.record() == {
        "recidive": count > 0,
        "toelichting": words,
        "overtredingen": ["OV-2025-1"] * count,
    }


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ({"established_on": date(2024, 11, 24)}, True),
        ({"established_on": date(2024, 11, 23)}, False),
        ({"established_on": date(2026, 11, 23)}, True),
        ({"established_on": TODAY}, False),
        ({"instruments": ("waarschuwing",)}, False),
        ({"instruments": ()}, False),
    ],
)
def test_an_earlier_violation_counts_within_the_window(
    changes: dict[str, Any], *, counts: bool
) -> None:
    found = suggest(POLICY, ALIKE, TODAY, [replace(EARLIER, **changes)])
    assert found.recidivism is counts


@pytest.mark.parametrize(
    ("match", "one", "other", "alike"),
    [
        (Match.RULE, ALIKE, Kinship("Bal 4.1", "x", "x"), True),
        (Match.RULE, ALIKE, Kinship("Bal 4.2", "geur", "milieu"), False),
        (Match.RULE, replace(ALIKE, rule=None), Kinship(None, "geur", "milieu"), False),
        (Match.NATURE, ALIKE, Kinship("x", "geur", "x"), True),
        (Match.NATURE, ALIKE, Kinship("Bal 4.1", "x", "milieu"), False),
        (Match.DOMAIN, ALIKE, Kinship("x", "x", "milieu"), True),
        (Match.DOMAIN, ALIKE, Kinship("Bal 4.1", "geur", "x"), False),
        (Match.DOMAIN, replace(ALIKE, domain=None), Kinship("Bal 4.1", "geur", None), False),
    ],
)
def test_what_makes_violations_alike(
    match: Match, one: Kinship, other: Kinship, *, alike: bool
) -> None:
    policy = replace(POLICY, recidivism_match=match)
    found = suggest(policy, one, TODAY, [replace(EARLIER, kinship=other)])
    assert found.recidivism is alike


@pytest.mark.parametrize(
    ("urgency", "planned"),
    [
        ("spoed", TODAY),
        ("normaal", date(2026, 12, 1)),
        ("onbekend", date(2026, 12, 8)),
    ],
)
def test_when_an_inspection_that_was_asked_for_is_held(urgency: str, planned: date) -> None:
    assert POLICY.planned_on(urgency, TODAY) == planned
