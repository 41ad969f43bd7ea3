"""What a new installation starts with: the activities of the Bal, and an example risk model.

No Dutch agency publishes its weights. These are proposals to start from: nobody has adopted them,
and every screen says so.
"""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from services.risk.models.domain import Theme

BAL = Path(__file__).resolve().parents[1] / "data" / "bal_h3.csv"
LAW_DATE = date(2026, 1, 1)
EXAMPLE = "voorbeeldmodel, niet vastgesteld"

# Effect (0 to 5) by paragraph; a paragraph without a line takes that of its afdeling. In the order
# of Theme: safety, health, pollution, air-soil-water, energy, waste, nuisance, incidents.
EFFECTS = {
    "3": (1, 1, 1, 1, 1, 1, 1, 1),
    "3.2": (2, 1, 2, 2, 2, 1, 1, 2),
    "3.3": (5, 5, 5, 5, 4, 4, 4, 5),
    "3.3.1": (5, 5, 5, 5, 4, 5, 4, 5),
    "3.4": (3, 3, 3, 3, 3, 2, 3, 3),
    "3.4.6": (4, 4, 4, 4, 3, 3, 3, 4),
    "3.5": (2, 3, 4, 4, 2, 5, 3, 3),
    "3.6": (1, 2, 3, 3, 2, 1, 3, 1),
    "3.6.1": (1, 3, 4, 4, 2, 1, 4, 2),
    "3.7": (1, 1, 1, 1, 2, 1, 1, 1),
    "3.8": (2, 2, 2, 2, 1, 2, 2, 2),
    "3.8.10": (4, 2, 3, 3, 1, 1, 2, 3),
    "3.9": (1, 1, 1, 1, 1, 1, 3, 1),
    "3.10": (4, 2, 4, 4, 2, 2, 3, 4),
    "3.11": (3, 2, 3, 3, 1, 1, 3, 3),
}

PARAMETERS = {
    "weights": {"effect": "0.40", "compliance": "0.40", "time": "0.20", "complaints": "0.00"},
    "effect": {
        "themes": dict.fromkeys(map(str, Theme), 1),
        "scores": {
            code: dict(zip(map(str, Theme), values, strict=True))
            for code, values in EFFECTS.items()
        },
        "more_activities": 0.1,
    },
    "compliance": {
        "window_years": 6,
        "half_life_years": 3,
        "prior": 0.15,
        "prior_inspections": 3,
        "followup_weight": 0.4,
        "violations_weight": 0.3,
        "severity_weight": 0.3,
        "violations_cap": 5,
        "severities": {
            f"{behaviour}{consequence}": column * consequence
            for column, behaviour in enumerate("ABCD", 1)
            for consequence in range(1, 5)
        },
        "enforcing": [
            "last onder dwangsom",
            "last onder bestuursdwang",
            "tijdelijk stilleggen",
            "bestuurlijke boete",
            "schorsen vergunning",
            "exploitatieverbod",
            "intrekken vergunning",
            "bestuurlijke strafbeschikking",
            "proces-verbaal",
        ],
    },
    "time": {
        "target_months": {"high": 12, "medium": 36, "low": 60},
        "effect_cuts": {"high": 0.6, "medium": 0.35},
    },
    "complaints": {"cap": 6, "trigger_count": 3, "trigger_months": 12},
    "classes": {"high": 50, "medium": 30},
    "hours": {"high": 24, "medium": 12, "low": 7},
}


def activities() -> list[dict[str, object]]:
    """Chapter 3 of the Bal; a heading without articles is kept, but is not in force."""
    with BAL.open(encoding="utf-8", newline="") as file:
        lines = (line for line in file if not line.startswith("#"))
        return [
            {
                "law_date": LAW_DATE,
                "code": row["paragraaf"],
                "name": row["naam"],
                "first_article": row["eerste_artikel"] or None,
                "permit": row["vergunningplicht_mba"],
                "remark": row["opmerking"] or None,
                "in_force": bool(row["eerste_artikel"]),
            }
            for row in csv.DictReader(lines)
        ]


def example_model() -> dict[str, object]:
    """The model that scores until the agency adopts its own."""
    return {
        "id": UUID("018f0000-0000-7000-8000-000000000001"),
        "model_version": "voorbeeld-1",
        "description": "Optelmodel: effect, naleefgedrag en tijd sinds de laatste controle",
        "state": "actief",
        "parameters": PARAMETERS,
        "confirmed": False,
        "decision_reference": EXAMPLE,
        "author": "voorbeeld",
        "activated_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
