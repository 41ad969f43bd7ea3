"""What a caller may see, as a condition of a statement.

Whoever runs such a statement passes `sight=...`; without it TypeError is raised. PostgreSQL's
row-level security asks the same again (docs/adr, sight).
"""

from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, FromClause, Text, bindparam, func, or_
from sqlalchemy.dialects.postgresql import ARRAY

from shared.auth.sight import Sight

# The names of the bind parameters; a statement in text may name them too.
EVERYONE: Final = "sight_all"
NAMED: Final = "sight"


def visible(table: FromClause) -> ColumnElement[bool]:
    """The caller may see the row: by its column `participant`."""
    return visible_to(table.c.participant)


def visible_to(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """The caller may see the row of the participant in this column."""
    everyone = bindparam(EVERYONE, type_=Boolean)
    return or_(everyone, column == func.any(bindparam(NAMED, type_=ARRAY(Text))))


def sight_arguments(sight: object) -> dict[str, Any]:
    """The values of the bind parameters. Raises TypeError for anything but a Sight."""
    if not isinstance(sight, Sight):
        raise TypeError("this statement is limited to what the caller may see: pass sight=")
    return {EVERYONE: sight.everyone, NAMED: sorted(sight.participants)}
