"""What a new installation starts with, labelled as examples."""

import asyncpg
import pytest

from tests.support.databases import FreshDatabase


async def test_the_fifteen_participants_and_labelled_examples(
    fresh_database: FreshDatabase,
) -> None:
    connection = await asyncpg.connect(await fresh_database("reporting"))
    assert await connection.fetchval("SELECT count(*) FROM participant") == 15
    for table in ("product", "norm", "tariff", "sharing_key", "parameter", "product_rule"):
        rows = await connection.fetch(f"SELECT confirmed, decision_reference FROM {table}")
        assert rows
        assert not any(row["confirmed"] for row in rows)
        assert all("voorbeeldwaarde" in row["decision_reference"] for row in rows)
    await connection.close()


async def test_two_versions_never_hold_on_one_day(fresh_database: FreshDatabase) -> None:
    connection = await asyncpg.connect(await fresh_database("reporting"))
    again = """
        INSERT INTO norm (id, valid_from, decision_reference, proposed_by, activated_by,
                          activated_at, product, minutes)
        SELECT gen_random_uuid(), '2026-01-01', 'x', 'a', 'b', now(), product, minutes FROM norm
        LIMIT 1
    """
    with pytest.raises(asyncpg.ExclusionViolationError, match="norm_one_at_a_time"):
        await connection.execute(again)
    await connection.close()
