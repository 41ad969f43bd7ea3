"""Records taken out ahead: each once, in order per partition, and none after a handover."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition

from shared.messaging import kafka_ahead
from shared.messaging.kafka_ahead import SLICE, Ahead
from shared.messaging.transport import Record
from tests.support.waiting import until


def record(partition: int, offset: int) -> Any:
    return ConsumerRecord("t", partition, offset, 0, 0, b"k", b"", 0, 1, 0, (("ce_id", b"1"),))


class Client:
    """A client of aiokafka with so many records in each of two partitions."""

    def __init__(self, count: int) -> None:
        self.left = {n: [record(n, offset) for offset in range(count)] for n in (0, 1)}
        self.asked: list[int] = []
        self.error: Exception | None = None

    async def getmany(self, *, timeout_ms: int = 0, max_records: int) -> dict[Any, list[Any]]:
        self.asked.append(max_records)
        if self.error is not None and timeout_ms == 0:
            raise self.error
        found: dict[Any, list[Any]] = {}
        for partition, records in self.left.items():
            taken, self.left[partition] = records[:max_records], records[max_records:]
            max_records -= len(taken)
            if taken:
                found[TopicPartition("t", partition)] = taken
        return found


async def rest() -> None:
    """Let the task that takes out ahead do all it wants."""
    for _ in range(50):
        await asyncio.sleep(0)


def flat(batch: dict[Any, list[Record]]) -> list[tuple[int, int]]:
    return [(each.partition, each.offset) for records in batch.values() for each in records]


async def everything(ahead: Ahead, most: int) -> AsyncIterator[list[tuple[int, int]]]:
    while batch := await ahead.take(0.01, most):
        yield flat(batch)
        await rest()


@pytest.mark.parametrize("most", [7, 400, 1_000])
async def test_every_record_comes_once_in_order_and_no_more_than_asked(most: int) -> None:
    ahead = Ahead(Client(600))
    batches = [batch async for batch in everything(ahead, most)]
    assert all(len(batch) <= most for batch in batches)
    found = [place for batch in batches for place in batch]
    assert len(found) == 1_200
    for partition in (0, 1):
        offsets = [offset for at, offset in found if at == partition]
        assert offsets == list(range(600))


async def test_while_a_batch_is_handled_the_next_is_taken_out_in_slices() -> None:
    client = Client(600)
    ahead = Ahead(client)
    await ahead.take(0.01, 500)
    await rest()
    assert client.asked == [500, *[SLICE] * (500 // SLICE)]
    assert len(flat(await ahead.take(0.01, 500))) == 500
    await ahead.halt()


async def test_what_is_left_over_waits_for_its_turn_when_less_is_asked() -> None:
    ahead = Ahead(Client(600))
    await ahead.take(0.01, 500)
    await rest()
    assert flat(await ahead.take(0.01, 30)) == [(0, offset) for offset in range(500, 530)]
    assert flat(await ahead.take(0.01, 30)) == [(1, offset) for offset in range(30)]
    assert flat(await ahead.take(0.01, 30)) == [(0, offset) for offset in range(530, 560)]
    ahead.stop()


async def test_on_a_calm_topic_the_client_is_emptied_soon_after_something_came() -> None:
    client = Client(10)
    ahead = Ahead(client)
    assert len(flat(await ahead.take(0.01, 500))) == 20
    client.left[0] = [record(0, 10)]
    await until(lambda: not client.left[0], 5)
    client.left[1] = [record(1, 10)]
    assert flat(await ahead.take(0.01, 500)) == [(0, 10)]
    await ahead.halt()


async def test_a_rest_between_two_looks_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_ahead, "LOOK_EVERY", 60.0)
    ahead = Ahead(Client(1))
    await ahead.take(0.01, 500)
    await rest()
    await asyncio.wait_for(ahead.halt(), 5)


async def test_what_comes_after_a_handover_began_is_not_taken_out() -> None:
    client = Client(600)
    ahead = Ahead(client)
    await ahead.take(0.01, 500)
    ahead.drop()
    await rest()
    assert client.asked == [500]
    await ahead.halt()


async def test_after_a_handover_nothing_of_before_is_handed_on() -> None:
    client = Client(600)
    ahead = Ahead(client)
    await ahead.take(0.01, 500)
    await rest()
    ahead.drop()
    client.left = {0: [record(0, 500)], 1: []}
    assert flat(await ahead.take(0.01, 500)) == [(0, 500)]


async def test_what_went_wrong_meanwhile_is_raised_by_the_next() -> None:
    client = Client(600)
    ahead = Ahead(client)
    await ahead.take(0.01, 500)
    client.error = ValueError("away")
    await rest()
    with pytest.raises(ValueError, match="away"):
        await ahead.take(0.01, 500)
    client.error = None
    assert flat(await ahead.take(0.01, 500))[0] == (0, 500)
    await ahead.halt()


async def test_records_are_read_while_they_wait_and_those_that_never_waited_are_not() -> None:
    ahead = Ahead(Client(600), lambda record: record.offset)
    first = await ahead.take(0.01, 500)
    await rest()
    second = await ahead.take(0.01, 500)
    assert {each.content for records in first.values() for each in records} == {None}
    assert all(each.content == each.offset for records in second.values() for each in records)
    await ahead.halt()


async def test_what_the_reader_died_of_is_raised_by_the_next() -> None:
    def read(record: Record) -> object:
        raise ZeroDivisionError(record.offset)

    ahead = Ahead(Client(600), read)
    await ahead.take(0.01, 500)
    await rest()
    with pytest.raises(ZeroDivisionError):
        await ahead.take(0.01, 500)
