"""Real logs to carry events, and a service's database to write them from and into."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from itertools import count
from typing import Protocol
from uuid import uuid4

import asyncpg
import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from shared.db.database import Database, open_pool
from shared.db.outbox import Publisher
from shared.messaging.kafka import KafkaConfig, KafkaTransport
from shared.messaging.kafka_topics import create_topics as create_kafka_topics
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.postgres_schema import create_schema, create_topics
from shared.messaging.tables import messaging_tables
from shared.messaging.transport import Observed, ReadingAhead, Transport

_numbers = count(1)


class Member(Transport, Observed, ReadingAhead, Protocol):
    async def seek_to_beginning(self) -> None: ...


class Log(Protocol):
    """One of the two logs, with a topic of its own for each test."""

    topic: str

    def member(self, group: str = "", topics: tuple[str, ...] | None = None) -> Member: ...

    def crasher(self, group: str) -> list[str]:
        """Arguments for crashing_member.py."""


class PostgresLogUnderTest:
    def __init__(self, url: str, pool: asyncpg.Pool, topic: str, closing: AsyncExitStack) -> None:
        self.topic = topic
        self._url, self._pool, self._closing = url, pool, closing

    def member(self, group: str = "", topics: tuple[str, ...] | None = None) -> Member:
        log = PostgresLog(self._pool, group=group, topics=topics or (self.topic,))
        self._closing.push_async_callback(log.close)
        return log

    def crasher(self, group: str) -> list[str]:
        return ["postgres", self._url, group, self.topic]


class KafkaUnderTest:
    def __init__(self, servers: str, topic: str, closing: AsyncExitStack) -> None:
        self.topic = topic
        self._servers, self._closing = servers, closing

    def member(self, group: str = "", topics: tuple[str, ...] | None = None) -> Member:
        config = KafkaConfig(bootstrap_servers=self._servers, session_seconds=6)
        kafka = KafkaTransport(config, group=group or None, topics=topics or (self.topic,))
        self._closing.push_async_callback(kafka.close)
        return kafka

    def crasher(self, group: str) -> list[str]:
        return ["kafka", self._servers, group, self.topic]


async def _fresh(server: str, name: str) -> str:
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    finally:
        await connection.close()
    return f"{server}/{name}"


async def _drop(url: str) -> None:
    server, _, name = url.rpartition("/")
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture(scope="session")
async def events_url(postgres_server: str) -> AsyncIterator[str]:
    """A database with an event log."""
    url = await _fresh(postgres_server, f"messaging_events_{uuid4().hex[:8]}")
    connection = await asyncpg.connect(url)
    await create_schema(connection)
    await connection.close()
    yield url
    await _drop(url)


@pytest.fixture
async def events_pool(events_url: str) -> AsyncIterator[asyncpg.Pool]:
    async with await open_pool(events_url, application="test", size=12) as pool:
        yield pool


async def _postgres_log(url: str, pool: asyncpg.Pool, closing: AsyncExitStack) -> Log:
    topic = f"proef.{next(_numbers)}"
    async with pool.acquire() as connection:
        await create_topics(connection, [topic])
    return PostgresLogUnderTest(url, pool, topic, closing)


@pytest.fixture
async def postgres_log(events_url: str, events_pool: asyncpg.Pool) -> AsyncIterator[Log]:
    async with AsyncExitStack() as closing:
        yield await _postgres_log(events_url, events_pool, closing)


@pytest.fixture(params=["postgres", "kafka"])
async def log(
    request: pytest.FixtureRequest, events_url: str, events_pool: asyncpg.Pool
) -> AsyncIterator[Log]:
    """The log under test: the same suite for both."""
    async with AsyncExitStack() as closing:
        if request.param == "postgres":
            yield await _postgres_log(events_url, events_pool, closing)
        else:
            servers = request.getfixturevalue("kafka_bootstrap")
            topic = f"proef.{uuid4().hex[:8]}"
            await create_kafka_topics(KafkaConfig(bootstrap_servers=servers), [topic])
            yield KafkaUnderTest(servers, topic, closing)


def _service_tables() -> tuple[MetaData, Table]:
    metadata = MetaData()
    outbox = messaging_tables(metadata).outbox
    Table(
        "effect",
        metadata,
        Column("event", Uuid, nullable=False),
        Column("key", Text, nullable=False),
        Column("number", Text, nullable=False),
    )
    return metadata, outbox


@pytest.fixture(scope="session")
async def service_template(postgres_server: str) -> AsyncIterator[str]:
    """The URL of a server with a template database of a small service."""
    url = await _fresh(postgres_server, f"messaging_service_{uuid4().hex[:8]}")
    metadata, _ = _service_tables()
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    connection = await asyncpg.connect(url)
    for table in metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            await connection.execute(str(CreateIndex(index).compile(dialect=dialect)))
    await connection.execute(
        "ALTER TABLE effect ADD COLUMN seq bigint GENERATED ALWAYS AS IDENTITY"
    )
    await connection.close()
    yield url
    await _drop(url)


@pytest.fixture
async def service(service_template: str) -> AsyncIterator[Database]:
    """The database of a small service, emptied for each test."""
    _, outbox = _service_tables()
    publisher = Publisher(outbox, source="urn:nld:oin:00000001823288444000:systeem:proef")
    db = await Database.open(service_template, publisher=publisher, application="test", size=6)
    await db.pool.execute("TRUNCATE outbox, inbox, parked_event, effect RESTART IDENTITY")
    yield db
    await db.close()


@pytest.fixture
def effect_table() -> Table:
    return _service_tables()[0].tables["effect"]


@pytest.fixture
def unique() -> Callable[[str], str]:
    """A name that no other test uses."""
    return lambda name: f"{name}-{uuid4().hex[:8]}"
