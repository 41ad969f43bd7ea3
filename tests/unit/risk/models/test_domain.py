"""A model is whole, adopted by another person, and says what its parameters lack."""

from decimal import Decimal
from typing import Any

import pytest

from services.risk.models.domain import (
    STATES,
    ComplaintRules,
    Cuts,
    Model,
    ModelState,
    PerClass,
    flaws,
    require_other_person,
)
from shared.contracts.risk import RiskClass
from tests.support.refusals import not_allowed
from tests.unit.risk.cases import ORDER, PARAMETERS

MODEL = Model.of("proef-1", PARAMETERS)


def changed(section: str, **values: Any) -> Model:
    return Model.of("anders", {**PARAMETERS, section: {**PARAMETERS[section], **values}})


def test_the_edges_of_a_model() -> None:
    assert set(STATES.edges) == {
        (ModelState.CONCEPT, ModelState.PREPARING),
        (ModelState.PREPARING, ModelState.ACTIVE),
        (ModelState.ACTIVE, ModelState.RETIRED),
    }


def test_a_model_of_its_parameters() -> None:
    model = Model.of("proef-1", PARAMETERS)
    assert model.version == "proef-1"
    assert (model.weights.effect, model.weights.total) == (Decimal("0.40"), Decimal("1.00"))
    assert model.compliance.enforcing == frozenset({ORDER})
    assert model.compliance.half_life_years == 3
    assert model.time.target_months == PerClass(12, 36, 60)
    assert model.time.effect_cuts == Cuts(0.6, 0.35)
    assert model.complaints == ComplaintRules(6, 3, 12)
    assert (model.classes, model.hours) == (Cuts(50, 30), PerClass(24, 12, 7))
    assert list(flaws(model)) == []


def test_the_effect_of_a_line_is_the_weighted_mean_of_its_themes() -> None:
    whole = Model.of("proef-1", PARAMETERS)
    assert whole.effect.means == {"3": 1.0, "3.2": 0.5, "3.3": 5.0, "3.4": 2.5}
    weightless = changed("effect", themes={"veiligheid": 0})
    assert weightless.effect.means == {"3": 0, "3.2": 0, "3.3": 0, "3.4": 0}


@pytest.mark.parametrize(
    ("code", "effect"), [("3.4.6", 2.5), ("3.4", 2.5), ("3.41", 1.0), ("3", 1.0), ("4.1", None)]
)
def test_the_effect_of_a_paragraph(code: str, effect: float | None) -> None:
    assert MODEL.effect.of(code) == effect


@pytest.mark.parametrize(
    ("value", "risk_class", "hours"),
    [
        (50, RiskClass.HIGH, 24),
        (49.9, RiskClass.MEDIUM, 12),
        (30, RiskClass.MEDIUM, 12),
        (29.9, RiskClass.LOW, 7),
    ],
)
def test_classes_and_their_hours(value: float, risk_class: RiskClass, hours: float) -> None:
    assert MODEL.classes.class_of(value) is risk_class
    assert MODEL.hours.of(risk_class) == hours


@pytest.mark.parametrize(
    ("cell", "severity"), [("D4", 1.0), ("B3", 0.375), (None, 0.0625), ("A4", 0.0625)]
)
def test_how_grave_a_cell_is(cell: str | None, severity: float) -> None:
    assert MODEL.compliance.severity(cell) == severity


def test_nobody_activates_an_own_model() -> None:
    require_other_person("planner", "beheer")
    with not_allowed("De opsteller mag het model niet zelf activeren", "vier ogen"):
        require_other_person("planner", "planner")


@pytest.mark.parametrize(
    ("model", "found"),
    [
        (
            changed("weights", time="0.30"),
            ["de gewichten van de termen moeten samen 1 zijn, niet 1.10"],
        ),
        (
            changed("compliance", severity_weight=0.4),
            ["de gewichten van de indicatoren van naleefgedrag moeten samen 1 zijn"],
        ),
        (
            changed("effect", scores={"3.2": {}}),
            ["er is geen effectscore voor hoofdstuk 3, die geldt waar een paragraaf mist"],
        ),
        (
            changed("effect", themes={"veiligheid": 0}),
            ["ten minste één thema moet meetellen"],
        ),
        (
            changed("compliance", severities={}),
            ["ten minste één cel van de LHSO-matrix moet zwaarder zijn dan 0"],
        ),
        (
            changed("compliance", severities={"A1": 0}),
            ["ten minste één cel van de LHSO-matrix moet zwaarder zijn dan 0"],
        ),
        (
            changed("classes", high=29),
            ["de grens van hoog mag voor de score niet onder die van midden liggen"],
        ),
        (
            changed(
                "time",
                target_months={"high": 1, "medium": 1, "low": 1},
                effect_cuts={"high": 0.1, "medium": 0.2},
            ),
            ["de grens van hoog mag voor het effect niet onder die van midden liggen"],
        ),
        (changed("classes", high=30), []),
        (changed("compliance", followup_weight=0.4 + 1e-12), []),
    ],
)
def test_what_makes_parameters_no_model(model: Model, found: list[str]) -> None:
    assert list(flaws(model)) == found
