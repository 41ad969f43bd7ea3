"""A process whose relay leads, to be killed or stopped: what it publishes goes nowhere."""

import asyncio
import sys
from collections.abc import Sequence

from shared.db.database import open_pool
from shared.messaging.postgres_log import PostgresLog
from shared.messaging.relay import Relay
from shared.messaging.transport import Message


class Nowhere(PostgresLog):
    async def publish(self, messages: Sequence[Message]) -> None:
        for message in messages:
            print("sent", message.headers["ce_id"], flush=True)


async def main(url: str) -> None:
    pool = await open_pool(url, application="leader")
    await Relay(pool, Nowhere(pool), "proef").run(asyncio.Event())


asyncio.run(main(sys.argv[1]))
