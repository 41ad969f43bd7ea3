"""What the `migrations/env.py` of every service does: run Alembic over asyncpg, patiently.

A service's env.py is two lines: import `metadata` from its tables, call `run(metadata)`.
"""

import asyncio

from alembic import context
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

# A migration that waits for a lock blocks everybody queueing behind it: better to give up.
LOCK_TIMEOUT = "4s"
ONE_AT_A_TIME = 8_430_001
LOOK_EVERY = 0.1


def run(metadata: MetaData) -> None:
    """Migrate the database named by Alembic's `sqlalchemy.url`, or print the SQL."""
    if context.is_offline_mode():
        _print_sql(metadata)
    else:
        asyncio.run(_migrate(metadata))


def _print_sql(metadata: MetaData) -> None:
    context.configure(
        dialect_name="postgresql",
        target_metadata=metadata,
        literal_binds=True,
        dialect_opts={"paramstyle": "named"},
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.execute(f"SET lock_timeout = '{LOCK_TIMEOUT}'")
        context.run_migrations()


async def _migrate(metadata: MetaData) -> None:
    url = str(context.config.attributes["url"]).replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, poolclass=pool.NullPool)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f'SET ROLE "{context.config.attributes["role"]}"'))
            await _one_at_a_time(connection)
            await connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
            await connection.commit()
            await connection.run_sync(_upgrade, metadata)
    finally:
        await engine.dispose()


async def _one_at_a_time(connection: AsyncConnection) -> None:
    """Wait for whoever migrates this database now, without a transaction that is open meanwhile.

    An index that is built concurrently waits for every open transaction, so for us: waiting for
    its lock inside one would never end.
    """
    while not await connection.scalar(text(f"SELECT pg_try_advisory_lock({ONE_AT_A_TIME})")):
        await connection.commit()
        await asyncio.sleep(LOOK_EVERY)
    await connection.commit()


def _upgrade(connection: Connection, metadata: MetaData) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()
