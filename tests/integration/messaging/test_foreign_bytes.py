"""Kafka carries any bytes; records that hold no text are set aside, and stop nobody."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import pytest
from aiokafka import AIOKafkaProducer

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.messaging.kafka import KafkaConfig
from shared.messaging.kafka_topics import create_topics
from shared.messaging.parking import retry
from tests.integration.messaging.conftest import KafkaUnderTest
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import NAME, Bench, consuming
from tests.support.waiting import until

ATTRIBUTES = {
    "ce_specversion": b"1.0",
    "ce_id": b"1",
    "ce_source": b"urn:elders",
    "ce_type": Noted.type.encode(),
}


def with_headers(**changed: bytes | None) -> list[tuple[str, Any]]:
    """The headers of an event, some of them other than they should be."""
    return list({**ATTRIBUTES, **changed}.items())


@pytest.fixture
async def bench(service: Database, kafka_bootstrap: str) -> AsyncIterator[Bench]:
    topic = f"proef.{uuid4().hex[:8]}"
    await create_topics(KafkaConfig(bootstrap_servers=kafka_bootstrap), [topic])
    async with AsyncExitStack() as closing:
        yield Bench(service, KafkaUnderTest(kafka_bootstrap, topic, closing))


@pytest.mark.parametrize(
    ("key", "headers", "value"),
    [
        (b"\xff\xfe", with_headers(), b"{}"),
        (b"a\x00b", with_headers(), b"{}"),
        (b"k", with_headers(ce_id=b"\xff"), b"{}"),
        (b"k", with_headers(ce_subject=b"a\x00b"), b"{}"),
        (b"k", with_headers(ce_id=None), b"{}"),
        (b"k", with_headers(ce_source=b"\x00\xff"), b"\x00\xff"),
        (b"k", with_headers(ce_time=b"\x00"), b"{}"),
        (None, [], b""),
    ],
)
async def test_a_record_that_is_no_text_is_parked_and_the_next_is_handled(
    bench: Bench,
    kafka_bootstrap: str,
    key: bytes | None,
    headers: list[tuple[str, Any]],
    value: bytes | None,
) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka_bootstrap) as producer:
        await producer.send_and_wait(bench.log.topic, value, key=key, headers=headers, partition=0)
    await bench.send(*(noted(number) for number in range(20)))
    async with consuming(bench.consumer()):
        await until(lambda: everything(bench), 20)
    assert await bench.open() == [(1, "parked")]
    row = await bench.first_parked()
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await retry(work, NAME, row["topic"], row["key"], actor="beheerder")
    async with consuming(bench.consumer()):
        await until(lambda: tried_again(bench), 20)


async def everything(bench: Bench) -> bool:
    return sorted(await bench.numbers()) == list(range(20)) and bool(await bench.open())


async def tried_again(bench: Bench) -> bool:
    return await bench.open() == [(2, "parked")]
