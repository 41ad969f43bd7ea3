"""An assessment or an answer is kept when a complaint is taken up again and handled anew."""

from shared.db.revisions import execute_file

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    execute_file(__file__)
