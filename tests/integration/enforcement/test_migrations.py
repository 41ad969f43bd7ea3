"""The migrations make exactly the tables that the code knows, and start with the seeds."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from services.enforcement.tables import metadata
from tests.support.databases import FreshDatabase


async def test_migrations_and_tables_agree(fresh_database: FreshDatabase) -> None:
    url = await fresh_database("enforcement")
    address = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(address, poolclass=pool.NullPool)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))

    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()
