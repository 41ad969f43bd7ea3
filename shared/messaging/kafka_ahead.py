"""Takes records out of a Kafka client, the next ones while those before them are handled.

Taking them out and reading them is work for the processor, while handling mostly waits for the
database.
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import Any, Final

from aiokafka import AIOKafkaConsumer

from shared.messaging.kafka_clients import record_of
from shared.messaging.transport import Reader, Record, TopicPartition

# So many at a stretch; then others have their turn.
SLICE: Final = 50


class Ahead:
    """What is taken out of one consumer, in order per partition."""

    def __init__(self, consumer: AIOKafkaConsumer, reader: Reader | None = None) -> None:
        self._consumer = consumer
        self._reader = reader
        self._waiting: dict[TopicPartition, list[Record]] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._enough = False

    async def take(self, timeout: float, most: int) -> dict[TopicPartition, list[Record]]:  # noqa: ASYNC109 - part of the question
        """What was taken out ahead, else what comes within the time; nothing slips in behind it."""
        await self.halt()
        batch = self._first(most)
        if not batch:
            fetched = await self._consumer.getmany(timeout_ms=int(timeout * 1000), max_records=most)
            batch = dict(_records(fetched))
        if sum(map(len, batch.values())) >= most // 2:
            self._enough = False
            self._fetching = asyncio.create_task(self._fetch(most), name="records fetched ahead")
        return batch

    async def halt(self) -> None:
        """Take no more out ahead for now. Raises what taking out died of."""
        fetching, self._fetching = self._fetching, None
        if fetching is not None:
            self._enough = True
            await fetching

    def drop(self) -> None:
        """Forget what was taken out and not handed on: the group begins where it committed."""
        self._waiting.clear()

    def stop(self) -> None:
        """Never take anything out again."""
        self.drop()
        if self._fetching is not None:
            self._fetching.cancel()

    def _first(self, most: int) -> dict[TopicPartition, list[Record]]:
        batch: dict[TopicPartition, list[Record]] = {}
        while self._waiting and most > 0:
            place = next(iter(self._waiting))
            records = self._waiting.pop(place)
            batch[place] = records[:most]
            if len(records) > most:
                self._waiting[place] = records[most:]
            most -= len(batch[place])
        return batch

    async def _fetch(self, most: int) -> None:
        while most > 0 and not self._enough:
            await asyncio.sleep(0)
            fetched = await self._consumer.getmany(max_records=min(SLICE, most))
            if not fetched:
                return
            for place, records in _records(fetched):
                if self._reader is not None:
                    for record in records:
                        record.content = self._reader(record)
                self._waiting.setdefault(place, []).extend(records)
                most -= len(records)


def _records(fetched: Mapping[Any, Iterable[Any]]) -> Iterable[tuple[TopicPartition, list[Record]]]:
    for place, found in fetched.items():
        yield TopicPartition(place.topic, place.partition), list(map(record_of, found))
