"""The line of a budget that came from another system keeps its key there."""

from shared.db.revisions import build_concurrently, execute_file

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    execute_file(__file__)
    build_concurrently(
        "budget_line_source_key", "budget_line (source_key) WHERE source_key IS NOT NULL"
    )
