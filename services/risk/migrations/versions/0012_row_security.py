"""Who owns the tables is not who uses them; PostgreSQL itself limits what a caller sees."""

from shared.db.revisions import execute_file

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    execute_file(__file__)
