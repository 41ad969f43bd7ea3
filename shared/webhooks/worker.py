"""The part of a worker process that moves the feed and delivers to subscribers."""

import asyncio
from datetime import timedelta
from urllib.parse import urlsplit

from shared.db.database import Database
from shared.settings import Settings
from shared.webhooks.addresses import Rules
from shared.webhooks.deliveries import Deliveries
from shared.webhooks.feed_worker import FeedWorker
from shared.webhooks.sender import Sender


async def follow_events(
    database: Database, settings: Settings, service: str, stop: asyncio.Event
) -> None:
    """Work until told to stop; of several processes of a service one does."""
    deliveries = Deliveries(
        database,
        Sender(Rules.of(settings), origin_of(settings), ca_file=settings.webhook_ca_file),
        settings.webhook_vault,
        service,
        keep_log=timedelta(days=settings.webhook_log_days),
    )
    await FeedWorker(database.pool, service, deliveries).run(stop)


def origin_of(settings: Settings) -> str:
    """Who we say we are in the handshake: the host of the platform."""
    return urlsplit(settings.public_url).hostname or ""
