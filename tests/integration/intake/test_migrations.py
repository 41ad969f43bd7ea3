"""What a new installation starts with is labelled as an example."""

import asyncpg

from deploy import databases
from tests.support.databases import FreshDatabase, Templates

BLOCKS_OF_FIFTY = "0017"


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
    assert {row["increment_by"] for row in await connection.fetch(steps)} == {1}
    await connection.close()


async def test_what_is_left_of_the_last_block_is_not_given_again(templates: Templates) -> None:
    url = await templates.empty("intake", "vth_intake_blocks")
    await databases.upgrade_async("intake", url, BLOCKS_OF_FIFTY)
    connection = await asyncpg.connect(url)
    given = [await connection.fetchval("SELECT nextval('complaint_number')") for _ in range(2)]
    await databases.upgrade_async("intake", url)
    assert given == [1, 51]
    assert await connection.fetchval("SELECT nextval('complaint_number')") == 101
    assert await connection.fetchval("SELECT nextval('complaint_number')") == 102
    assert await connection.fetchval("SELECT nextval('incident_number')") == 1
    await connection.close()
    await templates.drop(url)
