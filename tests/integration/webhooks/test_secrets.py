"""Secrets are replaced while events flow: none is lost, and none goes out under the old ones."""

import asyncio

import pytest

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.errors import Conflict
from shared.settings import Settings
from shared.webhooks import handlers
from shared.webhooks.signing import is_signed
from tests.integration.webhooks.conftest import publish
from tests.integration.webhooks.delivering import (
    CALLER,
    TOKEN,
    Subscribe,
    delivering,
    log_of,
    names,
    receiver,
    shown,
    subscribe,
)
from tests.integration.webhooks.receiver import Answering, Received, Receiver, willing
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]

NEW_TOKEN = "een-nieuw-token-van-de-afnemer-van-32-tekens"
NEW_KEY = "een-nieuwe-sleutel-van-de-afnemer-van-32-tekens"


async def test_what_was_refused_for_the_old_secrets_comes_with_the_new(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    taken: list[str] = []
    accepted = TOKEN

    def guarded(request: Received) -> Answering:
        if request.method == "OPTIONS":
            return willing(request)
        if request.headers["authorization"] != f"Bearer {accepted}":
            return Answering(401)
        taken.append(request.event["subject"])
        return Answering()

    receiver.answers = guarded
    identity = await subscribe()
    async with delivering(risk, server_settings):
        made = names(await publish(risk, 10))
        await until(lambda: taken == made)
        accepted = NEW_TOKEN
        made += names(await publish(risk, 5))
        await until(lambda: has_failed(risk))
        async with risk.work("test", sight=Sight.ALL) as work:
            await handlers.replace_secrets(
                work, CALLER, identity, NEW_TOKEN, NEW_KEY, server_settings
            )
        made += names(await publish(risk, 5))
        await until(lambda: taken == made)
    row = await shown(risk, identity)
    assert (row["failures"], row["failing_since"], row["state"]) == (0, None, "actief")
    last = receiver.posts[-1]
    stamp = last.headers["webhook-timestamp"]
    signed = (last.headers["webhook-id"], stamp, last.headers["webhook-signature"])
    assert is_signed(NEW_KEY, *signed, last.body, now=int(stamp))


async def has_failed(database: Database) -> bool:
    return bool(await database.pool.fetchval("SELECT failures > 0 FROM subscription"))


async def test_what_is_on_its_way_with_the_old_secrets_comes_again(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    go_on = asyncio.Event()
    receiver.answers = lambda request: (
        willing(request) if request.method == "OPTIONS" else Answering(until=go_on)
    )
    identity = await subscribe()
    made = names(await publish(risk, 2))
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 1)
        async with risk.work("test", sight=Sight.ALL) as work:
            await handlers.replace_secrets(
                work, CALLER, identity, NEW_TOKEN, NEW_KEY, server_settings
            )
        go_on.set()
        await until(lambda: receiver.subjects == [made[0], *made])
    assert [post.headers["authorization"] for post in receiver.posts] == [
        f"Bearer {TOKEN}",
        *[f"Bearer {NEW_TOKEN}"] * 2,
    ]
    assert receiver.posts[0].event["id"] == receiver.posts[1].event["id"]
    assert len(await log_of(risk, identity)) == 4


@pytest.mark.parametrize("resumed", [True, False])
async def test_what_ends_at_the_same_moment_stays_ended_and_without_secrets(
    risk: Database, subscribe: Subscribe, server_settings: Settings, resumed: bool
) -> None:
    identity = await subscribe()
    await risk.pool.execute("UPDATE subscription SET state = 'opgeschort'")

    async def change() -> None:
        async with risk.work("test", sight=Sight.ALL) as work:
            if resumed:
                await handlers.resume(work, CALLER, identity)
            else:
                secrets = (NEW_TOKEN, NEW_KEY, server_settings)
                await handlers.replace_secrets(work, CALLER, identity, *secrets)

    async def waits() -> bool:
        return bool(await risk.pool.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"))

    async with risk.work("test", sight=Sight.ALL) as ending:
        await handlers.end(ending, CALLER, identity, reason="Niet meer nodig.")
        changing = asyncio.create_task(change())
        await until(waits)
    with pytest.raises(Conflict):
        await changing
    assert (await shown(risk, identity))["state"] == "beeindigd"
    kept = "SELECT count(*) FROM subscription WHERE sealed_token IS NOT NULL"
    assert await risk.pool.fetchval(kept) == 0
