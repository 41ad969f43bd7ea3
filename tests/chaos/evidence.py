"""Reads what the oracle judges: from the databases, and from the topics from their first record."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import asyncpg
from aiokafka import AIOKafkaConsumer, TopicPartition

from deploy.services import spec_of
from shared.contracts.registry import topic_of
from shared.messaging.connect import topics_of
from shared.messaging.operations import lag_of
from shared.messaging.transport import TransientTransportError
from shared.settings import SERVICES, Settings
from tests.chaos.load import Ledger
from tests.chaos.oracle import Evidence, Handled, Projection, Seen, Told
from tests.chaos.projections import PAIRS, Pair

REST_EVERY: Final = 0.2

# By which marker a thing is found, and what it is acknowledged as.
_STORED: Final = {
    "risk": "SELECT name, id::text FROM location",
    "intake": """
        SELECT description, id::text FROM complaint
        UNION ALL SELECT reason, id::text FROM inspection_request
    """,
    "enforcement": """
        SELECT explanation, id::text FROM inspection WHERE explanation IS NOT NULL
        UNION ALL SELECT details, inspection_id::text FROM finding
        UNION ALL SELECT consequence_note, violation_id::text FROM position
        WHERE consequence_note IS NOT NULL
    """,
}
_VERSIONS: Final = {
    "risk": "SELECT id::text, version FROM location",
    "intake": "SELECT id::text, version FROM complaint",
    "enforcement": """
        SELECT id::text, version FROM inspection UNION ALL SELECT id::text, version FROM violation
    """,
}
_OUTBOX: Final = "SELECT count(*) FILTER (WHERE published_at IS NULL), count(*) FROM outbox"
# A commit counts as seen a second after its moment: that is taken before it is flushed to disk.
_TOLD: Final = """
SELECT seq, id::text, type, topic, key, aggregateid, headers ->> 'sequence', occurred_at,
       coalesce(pg_xact_commit_timestamp(chaos_transaction::xid), now()) + interval '1 second'
FROM outbox ORDER BY seq
"""
# Who began first may have waited for another that has the same events in hand: what counts is when
# the effect came.
INBOX: Final = """
SELECT event_id::text, pg_xact_commit_timestamp(xmin) FROM inbox WHERE consumer = $1
"""
_PARKED: Final = (
    "SELECT consumer || ' ' || type || ' ' || event_id || ': ' || error FROM parked_event"
)


class Standing(NamedTuple):
    """What has still to be done: events not published, and published but not handled."""

    waiting: int
    lag: int
    told: int


@dataclass(slots=True)
class Observer:
    """Looks at the servers directly, past the proxies."""

    settings: Settings
    wire: dict[str, list[Seen]] = field(default_factory=dict)
    _positions: dict[TopicPartition, int] = field(default_factory=dict)

    async def standing(self) -> Standing:
        """Where the events are. Raises OSError, an asyncpg error or TransientTransportError."""
        waiting = told = 0
        for service in SERVICES:
            async with self._connection(service) as connection:
                row = await connection.fetchrow(_OUTBOX)
            waiting, told = waiting + row[0], told + row[1]
        lags = await asyncio.gather(*(self._lag(service) for service in SERVICES))
        return Standing(waiting, sum(lags), told)

    async def _lag(self, service: str) -> int:
        lines = await lag_of(self.settings, service, topics_of(spec_of(service).consumers))
        return sum(line.lag for line in lines)

    async def at_rest(self, seconds: float) -> bool:
        """Wait until nothing is left to do; False when it takes longer."""
        try:
            async with asyncio.timeout(seconds):
                before = None
                while True:
                    now = await self._look()
                    # Handling an event may tell others: it counts when nothing moved in between.
                    if now is not None and now[:2] == (0, 0) and now == before:
                        return True
                    before = now
                    await asyncio.sleep(REST_EVERY)
        except TimeoutError:
            return False

    async def _look(self) -> Standing | None:
        try:
            return await self.standing()
        except (OSError, asyncpg.PostgresError, TransientTransportError):
            return None

    async def evidence(self, ledger: Ledger) -> Evidence:
        """Everything as it now is."""
        await self._read_wire()
        stored: list[tuple[str, str]] = []
        versions: dict[str, int] = {}
        told: dict[str, Sequence[Told]] = {}
        inbox: dict[str, Sequence[Handled]] = {}
        parked: list[str] = []
        for service in SERVICES:
            async with self._connection(service) as connection:
                told[service] = [Told(*row) for row in await connection.fetch(_TOLD)]
                rows = await connection.fetch(INBOX, service)
                inbox[service] = [Handled(*row) for row in rows]
                parked += [row[0] for row in await connection.fetch(_PARKED)]
                if service in _STORED:
                    stored += [tuple(row) for row in await connection.fetch(_STORED[service])]
                    versions |= dict(await connection.fetch(_VERSIONS[service]))
        return Evidence(
            made=ledger.made,
            reached=ledger.reached,
            stored=stored,
            versions=versions,
            told=told,
            wire=self.wire,
            inbox=inbox,
            handles=_handles(),
            projections=[await self._projection(pair) for pair in PAIRS],
            parked=parked,
        )

    async def _projection(self, pair: Pair) -> Projection:
        return Projection(
            pair.name,
            await self._rows(pair.owner, pair.truth),
            await self._rows(pair.keeper, pair.copy),
        )

    async def _rows(self, service: str, statement: str) -> list[tuple[Any, ...]]:
        async with self._connection(service) as connection:
            return [tuple(row) for row in await connection.fetch(statement)]

    @asynccontextmanager
    async def _connection(self, service: str) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(
            self.settings.database_for(service), server_settings={"timezone": "UTC"}, timeout=10
        )
        try:
            yield connection
        finally:
            await connection.close()

    async def _read_wire(self) -> None:
        """Read on in every topic, to its end."""
        consumer = AIOKafkaConsumer(
            bootstrap_servers=self.settings.kafka_bootstrap_servers, enable_auto_commit=False
        )
        await consumer.start()
        try:
            places = [
                TopicPartition(topic, partition)
                for topic in map(topic_of, SERVICES)
                for partition in await _partitions(consumer, topic)
            ]
            consumer.assign(places)
            for place in places:
                consumer.seek(place, self._positions.get(place, 0))
            ends = await consumer.end_offsets(places)
            while any(self._positions.get(place, 0) < ends[place] for place in places):
                self._keep(await consumer.getmany(timeout_ms=1000))
        finally:
            await consumer.stop()

    def _keep(self, fetched: Mapping[TopicPartition, Sequence[Any]]) -> None:
        for place, records in fetched.items():
            seen = self.wire.setdefault(place.topic, [])
            for record in records:
                headers = dict(record.headers)
                seen.append(
                    Seen(
                        record.partition,
                        record.offset,
                        record.key.decode(),
                        headers["ce_id"].decode(),
                    )
                )
                self._positions[place] = record.offset + 1


async def _partitions(consumer: AIOKafkaConsumer, topic: str) -> list[int]:
    """The partitions of a topic; asking for them makes the client look the topic up."""
    found: set[int] = await consumer._client._wait_on_metadata(topic)
    return sorted(found)


def _handles() -> dict[str, frozenset[str]]:
    return {
        service: frozenset(event.type for event in spec_of(service).consumers)
        for service in SERVICES
    }
