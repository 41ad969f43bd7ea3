"""Who lost the lead without knowing it delivers no more than what it had in hand."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from shared.db.database import Database
from shared.settings import Settings
from shared.webhooks import feed_worker as keeper
from shared.webhooks.addresses import Rules
from shared.webhooks.deliveries import Deliveries
from shared.webhooks.sender import Sender
from tests.integration.webhooks.conftest import publish, settled
from tests.integration.webhooks.delivering import (
    QUICK,
    Subscribe,
    delivering,
    names,
    receiver,
    shown,
    subscribe,
)
from tests.integration.webhooks.receiver import Answering, Received, Receiver, willing
from tests.support.databases import end_sessions
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]


@pytest.fixture
async def unaware(risk: Database, server_settings: Settings) -> AsyncIterator[Deliveries]:
    """The deliveries of a worker that does not look whether it still leads."""
    sender = Sender(Rules.of(server_settings), "vth.example.nl")
    vault = server_settings.webhook_vault()
    deliveries = Deliveries(risk, sender, lambda: vault, "risk", schedule=QUICK)
    yield deliveries
    await deliveries.leave()


async def test_who_lost_the_lead_unnoticed_delivers_nothing_more(
    risk: Database,
    receiver: Receiver,
    subscribe: Subscribe,
    unaware: Deliveries,
    server_settings: Settings,
) -> None:
    go_on = asyncio.Event()
    first: list[Received] = []

    def hold_the_first(request: Received) -> Answering:
        if request.method == "POST" and not first:
            first.append(request)
            return Answering(until=go_on)
        return willing(request)

    receiver.answers = hold_the_first
    made = names(await publish(risk, 3))
    identity = await subscribe()
    lost = await risk.pool.acquire()
    await settled(lost)
    assert await lost.fetchval(keeper._LEAD, "risk")
    unaware.lead(lost.get_server_pid())
    await unaware.follow(3)
    await until(lambda: first != [])
    async with delivering(risk, server_settings):
        await end_sessions(risk.pool, lost.get_server_pid())
        await until(lambda: receiver.subjects == [made[0], *made])
        go_on.set()
        await until(lambda: not unaware.busy)
        await unaware.follow(3)
        await asyncio.sleep(0.2)
    assert receiver.subjects == [made[0], *made]
    assert (await shown(risk, identity))["position"] == 3
    await risk.pool.release(lost)


async def test_a_worker_that_hangs_is_succeeded(
    risk: Database,
    risk_url: str,
    receiver: Receiver,
    subscribe: Subscribe,
    server_settings: Settings,
) -> None:
    made = names(await publish(risk, 1))
    identity = await subscribe()
    program = Path(__file__).with_name("delivering_process.py")
    process = await asyncio.create_subprocess_exec(sys.executable, str(program), risk_url)
    try:
        # Not noted it would rightly come again.
        await until(lambda: noted_up_to(risk, identity, 1), 30)
        assert receiver.subjects == made
        async with delivering(risk, server_settings):
            process.send_signal(signal.SIGSTOP)
            made += names(await publish(risk, 1))
            await until(lambda: receiver.subjects == made, 60)
    finally:
        process.kill()
        await process.wait()


async def noted_up_to(risk: Database, identity: UUID, place: int) -> bool:
    return bool((await shown(risk, identity))["position"] == place)


async def test_without_the_lead_nothing_is_noted(
    risk: Database, receiver: Receiver, subscribe: Subscribe, unaware: Deliveries
) -> None:
    await publish(risk, 2)
    identity = await subscribe()
    session: asyncpg.Connection
    async with risk.pool.acquire() as session:
        await settled(session)
        unaware.lead(session.get_server_pid())
        await unaware.follow(2)
        await until(lambda: not unaware.busy)
    row = await shown(risk, identity)
    assert (row["state"], row["position"]) == ("aangevraagd", 0)
    assert [request.method for request in receiver.requests] == ["OPTIONS"]
