"""The migrations make exactly the tables that the code knows, and start with the seeds."""

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from services.reporting.tables import metadata
from tests.support.databases import FreshDatabase


async def test_migrations_and_tables_agree(fresh_database: FreshDatabase) -> None:
    url = await fresh_database("reporting")
    address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=pool.NullPool)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


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
