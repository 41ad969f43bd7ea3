"""Hour lines are added, never removed: what changes is taken back, once, by a counter-line."""

from shared.db.revisions import build_concurrently, execute_file

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    execute_file(__file__)
    build_concurrently(
        "hour_line_taken_back", "hour_line (corrects) WHERE minutes < 0", unique=True
    )
