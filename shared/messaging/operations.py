"""How the events of a service stand, for the command line and the screen."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from shared.db.database import open_pool
from shared.db.rows import Rows
from shared.messaging.connect import kafka_config
from shared.messaging.kafka_lag import group_lag
from shared.messaging.lag import Waiting, outbox_waiting, parked_waiting
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.transport import PartitionLag
from shared.settings import Settings


class Standing(NamedTuple):
    """What waits in the outbox, and per consumer on the parking."""

    outbox: Waiting
    parked: Mapping[str, Waiting]


def group_of(service: str) -> str:
    """The consumer group of a service."""
    return f"vth-{service}"


async def standing(rows: Rows) -> Standing:
    """How the events stand in the database of a service."""
    return Standing(await outbox_waiting(rows), await parked_waiting(rows))


async def lag_of(settings: Settings, service: str, topics: Sequence[str]) -> Sequence[PartitionLag]:
    """What the consumer of a service has still to read, without joining its group.

    Raises TransientTransportError when Kafka does not answer, an error of asyncpg or OSError when
    PostgreSQL does not.
    """
    if not topics:
        return ()
    if settings.transport == "kafka":
        return await group_lag(kafka_config(settings, "vth-lag"), group_of(service), topics)
    url = settings.database_for("events")
    async with await open_pool(url, application="vth-lag", size=1, read_only=True) as pool:
        return await PostgresLog(pool, group=group_of(service), topics=topics).lag()
