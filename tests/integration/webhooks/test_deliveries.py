"""Deliveries to a real receiver: consent, order, signature, filters, rate."""

import asyncio
from datetime import timedelta
from itertools import pairwise

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.settings import Settings
from shared.webhooks import handlers
from shared.webhooks.signing import is_signed
from tests.integration.webhooks.conftest import publish
from tests.integration.webhooks.delivering import (
    CALLER,
    KEY,
    TOKEN,
    Subscribe,
    delivering,
    log_of,
    names,
    receiver,
    shown,
    subscribe,
)
from tests.integration.webhooks.receiver import (
    ALLOW_ALL,
    Answering,
    Receiver,
    receiving,
    willing,
)
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]


async def test_consent_first_and_then_every_event_in_order(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    before = await publish(risk, 30)
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 30)
        after = await publish(risk, 5)
        await until(lambda: len(receiver.posts) == 35)
    assert receiver.requests[0].method == "OPTIONS"
    assert receiver.requests[0].headers["webhook-request-origin"] == "vth.example.nl"
    assert receiver.subjects == names(before + after)
    row = await shown(risk, identity)
    assert (row["state"], row["failures"], row["position"]) == ("actief", 0, 35)
    log = await log_of(risk, identity)
    assert [line["kind"] for line in log] == ["handdruk"] + ["aflevering"] * 35
    assert all(line["delivered"] and line["status"] in {200, 204} for line in log)
    assert str(log[1]["event_id"]) == receiver.posts[0].event["id"]


async def test_a_delivery_is_structured_signed_and_carries_the_token(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    await publish(risk, participant="gm0153")
    await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 1)
    (post,) = receiver.posts
    headers = post.headers
    assert post.path == "/webhooks/vth"
    assert headers["content-type"] == "application/cloudevents+json; charset=UTF-8"
    assert headers["authorization"] == f"Bearer {TOKEN}"
    assert headers["host"] == f"127.0.0.1:{receiver.port}"
    stamp = headers["webhook-timestamp"]
    signed = (headers["webhook-id"], stamp, headers["webhook-signature"])
    assert headers["webhook-id"] == post.event["id"]
    assert is_signed(KEY, *signed, post.body, now=int(stamp))
    assert not is_signed(KEY, *signed, post.body + b" ", now=int(stamp))
    assert post.event["specversion"] == "1.0"
    assert post.event["deelnemer"] == "gm0153"


async def test_secrets_are_not_readable_in_the_database(
    risk: Database, subscribe: Subscribe
) -> None:
    identity = await subscribe()
    stored = await risk.pool.fetchval(
        "SELECT subscription::text FROM subscription WHERE id = $1", identity
    )
    for secret in (TOKEN, KEY):
        assert secret not in stored
        assert secret.encode().hex() not in stored


async def test_without_consent_nothing_is_delivered(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    receiver.answers = lambda _: Answering(200, {"WebHook-Allowed-Origin": "ander.example.nl"})
    await publish(risk)
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.requests) >= 3)
        assert receiver.posts == []
        receiver.answers = willing
        await until(lambda: len(receiver.posts) == 1)
    log = await log_of(risk, identity)
    assert "WebHook-Allowed-Origin" in log[0]["error"]
    assert log[0]["next_attempt_at"] is not None
    assert [line["number"] for line in log[:3]] == [1, 2, 3]


async def test_filters_by_type_and_participant(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    await subscribe(sight=Sight.of(["gm0153"]))
    async with receiving() as other:
        await subscribe(callback_url=other.url, types=["nl.vth.locaties.locatie-geregistreerd"])
        async with delivering(risk, server_settings):
            await publish(risk, 3, participant="gm0164")
            ours = await publish(risk, 2, participant="gm0153")
            await until(lambda: receiver.subjects == names(ours))
        assert other.posts == []


async def test_who_ends_it_is_called_no_more(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await publish(risk)
        await until(lambda: len(receiver.posts) == 1)
        async with risk.work("test", sight=Sight.ALL) as work:
            await handlers.end(work, CALLER, identity, reason="Klaar.")
        await publish(risk, 3)
        await asyncio.sleep(0.2)
    assert len(receiver.posts) == 1


async def test_the_rate_that_the_receiver_allows_is_kept(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    allowed = ALLOW_ALL | {"WebHook-Allowed-Rate": "300"}
    receiver.answers = lambda request: (
        Answering(200, allowed) if request.method == "OPTIONS" else Answering()
    )
    await publish(risk, 4)
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 4)
    moments = [line["attempted_at"] for line in await log_of(risk, identity)][1:]
    gaps = [later - sooner for sooner, later in pairwise(moments)]
    assert min(gaps) >= timedelta(seconds=0.19)
