"""A process that delivers the events of one database, to be killed."""

import asyncio
import sys

from services.risk.main import SPEC
from shared.db.database import Database
from shared.messaging.publishing import publisher_for
from shared.settings import Settings
from shared.webhooks.worker import follow_events

SETTINGS = Settings(
    environment="test",
    master_key="dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    webhook_key="d2ViaG9va3dlYmhvb2t3ZWJob29rd2ViaG9va3dlYmg=",
)


async def main(url: str) -> None:
    database = await Database.open(url, publisher=publisher_for(SPEC, SETTINGS))
    await follow_events(database, SETTINGS, "risk", asyncio.Event())


asyncio.run(main(sys.argv[1]))
