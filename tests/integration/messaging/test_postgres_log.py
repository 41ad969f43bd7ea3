"""What only the log in PostgreSQL promises."""

import asyncio
import time

import asyncpg
import pytest

from shared.messaging import postgres_group
from shared.messaging.partitioner import partition_of
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.postgres_schema import create_schema, create_topics
from shared.messaging.transport import Message, TopicPartition, TransientTransportError
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.test_transports import Unique, flat, messages, receive


async def positions(pool: asyncpg.Pool, group: str) -> list[int]:
    rows = await pool.fetch(
        "SELECT next_offset FROM event_position WHERE group_name = $1 ORDER BY partition", group
    )
    return [row["next_offset"] for row in rows]


async def test_the_schema_may_be_created_again_and_at_once(events_pool: asyncpg.Pool) -> None:
    async def create() -> None:
        async with events_pool.acquire() as connection:
            await create_schema(connection)
            await create_topics(connection, ["proef.schema"])

    await asyncio.gather(create(), create(), create())
    count = await events_pool.fetchval(
        "SELECT count(*) FROM event_head WHERE topic = 'proef.schema'"
    )
    assert count == 6


async def test_a_commit_never_goes_backwards(
    postgres_log: Log, events_pool: asyncpg.Pool, unique: Unique
) -> None:
    group = unique("group")
    member = postgres_log.member(group)
    place = TopicPartition(postgres_log.topic, 0)
    await member.commit({place: 8})
    await member.commit({place: 3})
    assert await positions(events_pool, group) == [8]


async def test_a_reader_does_not_skip_an_append_that_commits_late(
    postgres_log: Log, events_pool: asyncpg.Pool, unique: Unique
) -> None:
    member = postgres_log.member(unique("group"))
    slow = Message(postgres_log.topic, "k", {}, b"1")
    fast = Message(postgres_log.topic, "k", {}, b"2")
    async with events_pool.acquire() as connection:
        transaction = connection.transaction()
        await transaction.start()
        await connection.execute(
            "SELECT event_append($1, $2, $3, $4, $5)",
            [slow.topic],
            [partition_of("k")],
            [slow.key],
            ["{}"],
            [slow.value],
        )
        publishing = asyncio.create_task(postgres_log.member().publish([fast]))
        assert flat(await member.poll(0.3, 10)) == []
        await transaction.commit()
    await publishing
    received = await receive(member, 2)
    assert [(record.offset, record.value) for record in received] == [(0, b"1"), (1, b"2")]


async def test_offsets_have_no_gaps_under_concurrent_appends(
    postgres_log: Log, events_pool: asyncpg.Pool
) -> None:
    publishers = [postgres_log.member() for _ in range(4)]
    await asyncio.gather(
        *(
            publisher.publish(messages(postgres_log.topic, 50, keys=20))
            for publisher in publishers
            for _ in range(5)
        )
    )
    rows = await events_pool.fetch(
        'SELECT partition, count(*), max("offset") AS last FROM event_log '
        "WHERE topic = $1 GROUP BY 1",
        postgres_log.topic,
    )
    assert sum(row["count"] for row in rows) == 1000
    assert all(row["last"] == row["count"] - 1 for row in rows)


async def test_a_member_whose_session_ended_comes_back(
    postgres_log: Log, events_pool: asyncpg.Pool, unique: Unique
) -> None:
    group = unique("group")
    member = postgres_log.member(group)
    await postgres_log.member().publish(messages(postgres_log.topic, 5))
    await receive(member, 5)
    await events_pool.execute(
        "SELECT pg_terminate_backend(pid) FROM event_member WHERE group_name = $1", group
    )
    await asyncio.sleep(0.1)
    await postgres_log.member().publish(messages(postgres_log.topic, 3))
    received = 0
    failures = 0
    while received < 3:
        try:
            received += len(await receive(member, 3, limit=5))
        except TransientTransportError:
            failures += 1
            assert failures < 3
    assert received == 3


async def test_a_dead_member_is_succeeded_at_once(
    postgres_log: Log, events_pool: asyncpg.Pool, unique: Unique
) -> None:
    group = unique("group")
    dead, heir = postgres_log.member(group), postgres_log.member(group)
    await dead.poll(0.1, 10)
    await postgres_log.member().publish(messages(postgres_log.topic, 60, keys=60))
    await heir.poll(0.1, 10)
    await events_pool.execute(
        "SELECT pg_terminate_backend(min(pid)) FROM event_member WHERE group_name = $1 "
        "HAVING count(*) = 2",
        group,
    )
    start = time.monotonic()
    await receive(heir, 60, limit=5)
    assert time.monotonic() - start < 3


async def test_a_member_that_hangs_is_put_out(
    postgres_log: Log,
    events_pool: asyncpg.Pool,
    unique: Unique,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgres_group, "HEARTBEAT_EVERY", 0.1)
    monkeypatch.setattr(postgres_group, "HUNG_AFTER", 0.5)
    group = unique("group")
    hung, heir = postgres_log.member(group), postgres_log.member(group)
    assert isinstance(hung, PostgresLog)
    await hung.poll(0.1, 10)
    heart = hung._member._heart
    assert heart is not None
    heart.cancel()
    await postgres_log.member().publish(messages(postgres_log.topic, 60, keys=60))
    assert len(await receive(heir, 60, limit=10)) == 60


async def test_a_server_out_of_reach_is_a_passing_trouble(events_url: str) -> None:
    pool = asyncpg.create_pool(events_url, min_size=0, max_size=2)
    async with pool:
        log = PostgresLog(pool, group="weg", topics=["proef"])
        await pool.close()
        with pytest.raises(TransientTransportError):
            await log.publish(messages("proef", 1))
        with pytest.raises(TransientTransportError):
            await log.poll(0.1, 1)
