"""Scores stand beside their model, facts are added and corrected, and lists have their indexes.

The scores that are there belong to the active model. What was told before is read again from the
log: its corrections were not heard.
"""

from alembic import op

from shared.db.revisions import execute_file

revision = "0009"
down_revision = "0008"

HIGHEST = "score DESC, location_id DESC"
INDEXES = (
    "location_by_name ON location (name, id)",
    "location_by_inspection ON location ((coalesce(last_inspection, DATE '1900-01-01')), id)",
    "complaint_open ON complaint (location_id) WHERE closed_at IS NULL",
    f"location_score_highest ON location_score (model_id, {HIGHEST})",
    f"location_score_participant ON location_score (model_id, participant, {HIGHEST})",
    f"location_score_class_highest ON location_score (model_id, risk_class, {HIGHEST})",
    f"location_score_extra ON location_score (model_id, {HIGHEST}) WHERE extra_inspection",
    "location_score_scored ON location_score (model_id, scored_at)",
)


def upgrade() -> None:
    execute_file(__file__)
    with op.get_context().autocommit_block():
        for index in INDEXES:
            op.execute(f"CREATE INDEX CONCURRENTLY {index}")
