"""The migrations make exactly the tables that the code knows, with labelled example values."""

import asyncpg
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from services.intake.tables import metadata
from shared.db.numbers import BLOCK
from tests.support.databases import FreshDatabase


async def test_migrations_and_tables_agree(fresh_database: FreshDatabase) -> None:
    url = await fresh_database("intake")
    address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=pool.NullPool)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


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
