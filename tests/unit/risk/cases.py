"""A model and a location that can be worked out by hand."""

from datetime import date
from typing import Any

from services.risk.locations.domain.facts import Complaint, Facts, Inspection, Measure, Violation
from services.risk.models.domain import Model
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
