"""The indexes of lists: by score, class, participant, name and last inspection."""

from shared.db.revisions import build_concurrently

revision = "0011"
down_revision = "0010"

HIGHEST = "score DESC, location_id DESC"
INDEXES = {
    "location_by_name": "location (name, id)",
    "location_by_inspection": "location ((coalesce(last_inspection, DATE '1900-01-01')), id)",
    "complaint_open": "complaint (location_id) WHERE closed_at IS NULL",
    "location_score_highest": f"location_score (model_id, {HIGHEST})",
    "location_score_participant": f"location_score (model_id, participant, {HIGHEST})",
    "location_score_class_highest": f"location_score (model_id, risk_class, {HIGHEST})",
    "location_score_extra": f"location_score (model_id, {HIGHEST}) WHERE extra_inspection",
    "location_score_scored": "location_score (model_id, scored_at)",
}


def upgrade() -> None:
    for name, on in INDEXES.items():
        build_concurrently(name, on)
