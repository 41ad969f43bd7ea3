"""The tables of risk, the activities of the Bal, and an example model nobody has adopted yet."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

from alembic import op
from sqlalchemy.schema import CreateSequence, CreateTable

from services.risk.tables import activity, location_number, metadata, risk_model

revision = "0001"
down_revision = None

BAL = Path(__file__).resolve().parents[2] / "data" / "bal_h3.csv"
LAW_DATE = date(2026, 1, 1)
EXAMPLE = "voorbeeldmodel, niet vastgesteld"

# Effect per theme (0 to 5) by paragraph; a paragraph without a line takes that of its afdeling.
# Order: veiligheid, gezondheid, lucht-bodem-water, energie, afval, hinder. Example values.
EFFECTS = {
    "3": (1, 1, 1, 1, 1, 1),
    "3.2": (2, 1, 2, 2, 1, 1),
    "3.3": (5, 5, 5, 4, 4, 4),
    "3.3.1": (5, 5, 5, 4, 5, 4),
    "3.4": (3, 3, 3, 3, 2, 3),
    "3.4.6": (4, 4, 4, 3, 3, 3),
    "3.5": (2, 3, 4, 2, 5, 3),
    "3.6": (1, 2, 3, 2, 1, 3),
    "3.6.1": (1, 3, 4, 2, 1, 4),
    "3.7": (1, 1, 1, 2, 1, 1),
    "3.8": (2, 2, 2, 1, 2, 2),
    "3.8.10": (4, 2, 3, 1, 1, 2),
    "3.9": (1, 1, 1, 1, 1, 3),
    "3.10": (4, 2, 4, 2, 2, 3),
    "3.11": (3, 2, 3, 1, 1, 3),
}
THEMES = ("veiligheid", "gezondheid", "lucht-bodem-water", "energie", "afval", "hinder")

PARAMETERS = {
    "weight_effect": "0.4",
    "weight_compliance": "0.4",
    "weight_time": "0.2",
    "effects": {code: dict(zip(THEMES, values, strict=True)) for code, values in EFFECTS.items()},
    "more_activities": 0.1,
    "window_years": 6,
    "half_life_years": 3,
    "prior": 0.15,
    "prior_inspections": 2,
    "target_months": {"hoog": 12, "midden": 36, "laag": 60},
    "effect_cuts": {"hoog": 0.6, "midden": 0.35},
    "class_cuts": {"hoog": 50, "midden": 30},
    "complaint_trigger": 3,
    "hours_per_class": {"hoog": 24, "midden": 12, "laag": 7},
}


def upgrade() -> None:
    op.execute(CreateSequence(location_number))
    for table in metadata.sorted_tables:
        op.execute(CreateTable(table))
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(op.get_bind())
    op.bulk_insert(activity, _activities())
    op.bulk_insert(risk_model, [_example_model()])


def _activities() -> list[dict[str, object]]:
    with BAL.open(encoding="utf-8", newline="") as file:
        return [
            {
                "code": row["paragraaf"],
                "name": row["naam"],
                "first_article": row["eerste_artikel"],
                "permit": row["vergunningplicht_mba"],
                "law_date": LAW_DATE,
            }
            for row in csv.DictReader(file)
        ]


def _example_model() -> dict[str, object]:
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
