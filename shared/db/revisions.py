"""What a revision of the schema may use: its statements stand beside it as plain SQL.

A revision imports nothing of a service. What it does must be the same in ten years, whatever the
tables in the code have become by then.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from alembic import op
from sqlalchemy import text

from shared.db.migrations import LOCK_TIMEOUT

FOR_THE_LINTER: Final = "-- squawk-ignore "


def execute_file(revision: str) -> None:
    """Run the statements of `<revision>.sql`, the file beside the revision (`__file__`)."""
    for statement in statements(Path(revision).with_suffix(".sql").read_text("utf-8")):
        # A colon is a cast or part of a value here, never a parameter.
        op.execute(text(statement.replace(":", r"\:")))


def statements(script: str) -> Iterator[str]:
    """The statements of a script: each ends with `;` at the end of a line, outside a `$$` body.

    Of the comments between them only those stay that are meant for the linter.
    """
    lines: list[str] = []
    for line in script.splitlines():
        said = line.startswith("--") and not line.startswith(FOR_THE_LINTER)
        if not lines and (said or not line.strip()):
            continue
        lines.append(line)
        statement = "\n".join(lines)
        ends = line.rstrip().endswith(";") and not line.lstrip().startswith("--")
        if ends and statement.count("$$") % 2 == 0:
            yield statement.rstrip().removesuffix(";")
            lines = []
    if lines:
        raise ValueError(f"the last statement does not end with ';': {lines[0]}")


def build_concurrently(name: str, on: str, *, unique: bool = False) -> None:
    """Build an index while the table is written; `on` is what follows `ON`: table and columns.

    It runs outside a transaction, so make it the only thing a revision does. What a broken-off
    build left behind is dropped first. Waiting for others locks nobody out, so it may last.
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    with op.get_context().autocommit_block():
        op.execute("SET lock_timeout = 0")
        op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
        op.execute(f"CREATE {kind} CONCURRENTLY {name} ON {on}")
        op.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
