"""A worker that delivers, and what a test asks of it; fixtures are imported by the tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.auth.caller import Caller
from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.rows import Row
from shared.product.roles import Scope
from shared.settings import Settings
from shared.webhooks import handlers, store
from shared.webhooks.addresses import Rules
from shared.webhooks.deliveries import Deliveries
from shared.webhooks.feed_worker import FeedWorker
from shared.webhooks.handlers import Asked
from shared.webhooks.outcome import Schedule
from shared.webhooks.sender import Sender
from tests.integration.webhooks.receiver import (
    Receiver,
    receiving,
)

TOKEN = "een-token-van-de-afnemer-van-32-tekens"
KEY = "een-sleutel-van-de-afnemer-van-32-tekens"
QUICK = Schedule(first=timedelta(milliseconds=20), longest=timedelta(milliseconds=50))
CALLER = Caller("afnemer", "Afnemer", frozenset(), frozenset({Scope.EVENTS_READ}), frozenset({"*"}))
Subscribe = Callable[..., Awaitable[UUID]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as found:
        yield found


@pytest.fixture
def subscribe(risk: Database, receiver: Receiver, server_settings: Settings) -> Subscribe:
    """Ask for a subscription to the receiver."""

    async def ask(**changes: Any) -> UUID:
        asked = {
            "name": "Proef",
            "callback_url": receiver.url,
            "token": TOKEN,
            "signing_key": KEY,
            "types": None,
            "sight": Sight.ALL,
            "after": 0,
        }
        async with risk.work("test", sight=Sight.ALL) as work:
            return await handlers.subscribe(
                work, CALLER, Asked(**asked | changes), server_settings, "risk"
            )

    return ask


@asynccontextmanager
async def delivering(
    database: Database, settings: Settings, schedule: Schedule = QUICK, patience: float = 5
) -> AsyncIterator[None]:
    """A worker that moves the feed and delivers."""
    sender = Sender(Rules.of(settings), "vth.example.nl", timeout=patience)
    vault = settings.webhook_vault()
    deliveries = Deliveries(database, sender, lambda: vault, "risk", schedule=schedule)
    stop = asyncio.Event()
    keeper = FeedWorker(database.pool, "risk", deliveries, look_every=0.02)
    running = asyncio.create_task(keeper.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(15):
            await running


async def shown(database: Database, identity: UUID) -> Row:
    async with database.read(Sight.ALL) as rows:
        return await store.one(rows, identity, None)


async def log_of(database: Database, identity: UUID) -> list[Row]:
    """The delivery log, the oldest first."""
    async with database.read(Sight.ALL) as rows:
        return list(reversed(await store.attempts(rows, identity, None, 1_000)))


def names(locations: list[UUID]) -> list[str]:
    return [str(location) for location in locations]
