"""What a new installation starts with is labelled as an example."""

import asyncpg

from shared.db.numbers import BLOCK
from tests.support.databases import FreshDatabase


async def test_what_policy_decides_is_an_example_until_an_agency_confirms_it(
    fresh_database: FreshDatabase,
) -> None:
    connection = await asyncpg.connect(await fresh_database("intake"))
    for table in ("category", "cause", "term_version"):
        rows = await connection.fetch(f"SELECT confirmed, decision_reference FROM {table}")
        assert rows
        assert not any(row["confirmed"] for row in rows)
        assert all("voorbeeldwaarde" in row["decision_reference"] for row in rows)
    steps = "SELECT increment_by FROM pg_sequences WHERE sequencename LIKE '%_number'"
    assert {row["increment_by"] for row in await connection.fetch(steps)} == {BLOCK}
    await connection.close()
