"""One way to write a postcode, for the rows of before the rule as well."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for table in ("location",):
        op.execute(
            f"UPDATE {table} SET postcode = "  # noqa: S608 - the names above
            "regexp_replace(upper(postcode), '^\\s*(\\d{4})\\s*([A-Z]{2})\\s*$', '\\1 \\2') "
            "WHERE postcode ~* '^\\s*[1-9][0-9]{3}\\s*[A-Z]{2}\\s*$' "
            "AND postcode !~ '^[1-9][0-9]{3} [A-Z]{2}$'"
        )
