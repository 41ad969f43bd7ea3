"""Rows of the seed files, for tests that need an example without a database."""

from typing import Any

from deploy.databases import migrations_of
from shared.db import seeds


def rows_of(service: str, table: str) -> list[dict[str, Any]]:
    """The rows that a new installation of a service starts with in one table."""
    files = seeds.read(migrations_of(service).parent / "seeds")
    return [dict(row) for file in files if file.table == table for row in file.rows]
