"""An indicator may be measured more than once for a day: what was measured before stays."""

from shared.db.revisions import build_concurrently, execute_file

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    execute_file(__file__)
    build_concurrently(
        "kpi_measurement_turn",
        "kpi_measurement (code, participant, year, measured_on, turn)",
        unique=True,
    )
