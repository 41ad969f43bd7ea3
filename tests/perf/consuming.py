"""A process that consumes the topic of intake into the projection, and prints how far it is.

Takes the settings of the platform from the environment and the number of events to handle as its
argument.
"""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial
from typing import Final
from uuid import uuid4

import uvloop

from services.risk.main import SPEC as RISK
from shared.auth.sight import Sight
from shared.contracts.intake import ComplaintLinked
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.connect import open_transport
from shared.messaging.consumer import Consumer
from shared.messaging.garbage_collection import collect_less
from shared.messaging.handlers import Delivery
from shared.service import open_database
from shared.settings import Settings
from tests.perf import projection
from tests.perf.lab import TOPIC, quiet

STEP: Final = 10_000


async def consume(settings: Settings, count: int) -> None:
    """Handle so many events."""
    stop = asyncio.Event()
    handled = 0

    async def handle(deliveries: Sequence[Delivery[ComplaintLinked]], work: UnitOfWork) -> None:
        nonlocal handled
        projection.keep(deliveries, work)
        before, handled = handled, handled + len(deliveries)
        if handled // STEP > before // STEP:
            print(handled, flush=True)
        if handled >= count:
            stop.set()

    database = await open_database(RISK, settings, role="perf")
    await projection.make(settings)
    try:
        group = f"perf-{uuid4().hex}"
        async with open_transport(settings, name="perf", group=group, topics=[TOPIC]) as transport:
            consumer = Consumer(
                "perf",
                transport,
                partial(database.work, sight=Sight.ALL),
                {ComplaintLinked: handle},
            )
            await consumer.run(stop)
    finally:
        await database.close()


if __name__ == "__main__":
    quiet()
    collect_less()
    uvloop.run(consume(Settings(), int(sys.argv[1])))
