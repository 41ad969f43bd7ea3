"""Secrets are replaced while events flow: none is lost, and none goes out under the old ones."""

import asyncio

from shared.auth.sight import Sight
from shared.db.database import Database
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
