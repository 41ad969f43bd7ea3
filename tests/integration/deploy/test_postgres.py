"""The embedded PostgreSQL: starts anywhere, keeps its data, survives a kill."""

import asyncpg


async def test_the_session_server_answers(postgres_server: str) -> None:
    connection = await asyncpg.connect(f"{postgres_server}/postgres")
    try:
        assert await connection.fetchval("SELECT 1") == 1
    finally:
        await connection.close()
