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
# The client asks for nothing more of a partition while records of it lie there, and adds nothing to
# a question that is out: what lies there makes later records wait. So it is taken out at once.
LOOK_EVERY: Final = 0.001


class Ahead:
    """What is taken out of one consumer, in order per partition."""

    def __init__(self, consumer: AIOKafkaConsumer, reader: Reader | None = None) -> None:
        self._consumer = consumer
        self._reader = reader
        self._waiting: dict[TopicPartition, list[Record]] = {}
        self._fetching: asyncio.Task[None] | None = None
        self._enough = False
        self._resting = False

    async def take(self, timeout: float, most: int) -> dict[TopicPartition, list[Record]]:  # noqa: ASYNC109 - part of the question
        """What was taken out ahead, else what comes within the time; nothing slips in behind it."""
        await self.halt()
        batch = self._first(most)
        if not batch:
            fetched = await self._consumer.getmany(timeout_ms=int(timeout * 1000), max_records=most)
            batch = dict(_records(fetched))
        if batch:
            self._enough = False
            self._fetching = asyncio.create_task(self._fetch(most), name="records fetched ahead")
        return batch

    async def halt(self) -> None:
        """Take no more out ahead for now. Raises what taking out died of."""
        fetching, self._fetching = self._fetching, None
        if fetching is None:
            return
        self._enough = True
        if self._resting:
            fetching.cancel()
            await asyncio.wait([fetching])
        else:
            await fetching

    def drop(self) -> None:
        """Forget what was taken out and not handed on: the group begins where it committed."""
        self._enough = True
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
        pause = 0.0
        while most > 0:
            await self._rest(pause)
            if self._enough:
                return
            # Without a time limit it takes what is there and never waits: nothing slips between.
            fetched = await self._consumer.getmany(max_records=min(SLICE, most))
            pause = 0.0 if fetched else LOOK_EVERY
            for place, records in _records(fetched):
                if self._reader is not None:
                    for record in records:
                        record.content = self._reader(record)
                self._waiting.setdefault(place, []).extend(records)
                most -= len(records)

    async def _rest(self, pause: float) -> None:
        self._resting = pause > 0
        try:
            await asyncio.sleep(pause)
        finally:
            self._resting = False


def _records(fetched: Mapping[Any, Iterable[Any]]) -> Iterable[tuple[TopicPartition, list[Record]]]:
    for place, found in fetched.items():
        yield TopicPartition(place.topic, place.partition), list(map(record_of, found))
