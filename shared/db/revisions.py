"""What a revision of the schema may use: its statements stand beside it as plain SQL.

A revision imports nothing of a service. What it does must be the same in ten years, whatever the
tables in the code have become by then.
"""

from collections.abc import Iterator
from pathlib import Path

from alembic import op
from sqlalchemy import text


def execute_file(revision: str) -> None:
    """Run the statements of `<revision>.sql`, the file beside the revision (`__file__`)."""
    for statement in statements(Path(revision).with_suffix(".sql").read_text("utf-8")):
        # A colon is a cast or part of a value here, never a parameter.
        op.execute(text(statement.replace(":", r"\:")))


def statements(script: str) -> Iterator[str]:
    """The statements of a script: each ends with `;` at the end of a line, outside a `$$` body."""
    lines: list[str] = []
    for line in script.splitlines():
        if not lines and (not line.strip() or line.startswith("--")):
            continue
        lines.append(line)
        statement = "\n".join(lines)
        if line.rstrip().endswith(";") and statement.count("$$") % 2 == 0:
            yield statement.rstrip().removesuffix(";")
            lines = []
    if lines:
        raise ValueError(f"the last statement does not end with ';': {lines[0]}")
