"""Deliveries that fail: a receiver that refuses, waits, hangs or is gone, a process that dies."""

import asyncio
import signal
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.settings import Settings
from shared.webhooks import handlers
from shared.webhooks.outcome import Schedule
from tests.integration.webhooks.conftest import publish
from tests.integration.webhooks.delivering import (
    CALLER,
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
    Received,
    Receiver,
    receiving,
    willing,
)
from tests.support.databases import end_sessions
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]


async def test_a_failing_receiver_gets_the_same_event_until_it_takes_it(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    refusals = iter([500, 503, 404, 301])

    def refuse_the_second(request: Received) -> Answering:
        if request.method == "POST" and request.event["subject"] == second:
            return Answering(next(refusals, 204))
        return willing(request)

    made = names(await publish(risk, 4))
    second = made[1]
    receiver.answers = refuse_the_second
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 8)
    assert receiver.subjects == [made[0], *[second] * 5, made[2], made[3]]
    assert len({post.event["id"] for post in receiver.posts[1:6]}) == 1
    log = [line for line in await log_of(risk, identity) if line["kind"] == "aflevering"]
    assert [line["status"] for line in log] == [204, 500, 503, 404, 301, 204, 204, 204]
    assert [line["number"] for line in log] == [1, 1, 2, 3, 4, 5, 1, 1]
    assert all(line["next_attempt_at"] for line in log if not line["delivered"])


async def test_who_is_gone_is_called_no_more_and_its_secrets_are_forgotten(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    receiver.answers = lambda request: (
        Answering(200, ALLOW_ALL) if request.method == "OPTIONS" else Answering(410)
    )
    await publish(risk, 3)
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: _has_state(risk, identity, "beeindigd"))
        await publish(risk)
        await asyncio.sleep(0.2)
    assert len(receiver.posts) == 1
    kept = "SELECT num_nonnulls(wrapped_key, sealed_token, sealed_signing_key) FROM subscription"
    assert await risk.pool.fetchval(kept) == 0


async def _has_state(database: Database, identity: UUID, state: str) -> bool:
    return bool((await shown(database, identity))["state"] == state)


async def test_who_asks_to_wait_is_not_called_before_that(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    receiver.answers = lambda request: (
        Answering(200, ALLOW_ALL)
        if request.method == "OPTIONS"
        else Answering(429, {"Retry-After": "3600"})
    )
    await publish(risk)
    identity = await subscribe()
    async with delivering(risk, server_settings):
        await until(lambda: len(receiver.posts) == 1)
        await asyncio.sleep(0.3)
    assert len(receiver.posts) == 1
    log = await log_of(risk, identity)
    wait = log[-1]["next_attempt_at"] - log[-1]["attempted_at"]
    assert timedelta(minutes=59) < wait <= timedelta(hours=1)


async def test_who_hangs_is_left_and_holds_nobody_up(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    async with receiving() as other:
        receiver.answers = lambda request: (
            willing(request) if request.method == "OPTIONS" else Answering(hang=30)
        )
        hanging = await subscribe()
        await subscribe(callback_url=other.url)
        made = await publish(risk, 5)
        async with delivering(risk, server_settings, patience=0.5):
            await until(lambda: other.subjects == names(made))
            await until(lambda: len(receiver.posts) >= 2)
        log = await log_of(risk, hanging)
        assert "Geen antwoord binnen 0.5 seconden" in log[1]["error"]
        assert log[1]["status"] is None
        assert set(receiver.subjects) == {str(made[0])}


async def test_after_a_day_it_is_suspended_until_somebody_resumes_it(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    receiver.answers = lambda request: (
        willing(request) if request.method == "OPTIONS" else Answering(500)
    )
    made = await publish(risk, 2)
    identity = await subscribe()
    short = Schedule(
        first=timedelta(milliseconds=20),
        longest=timedelta(milliseconds=40),
        limit=timedelta(milliseconds=100),
    )
    async with delivering(risk, server_settings, short):
        await until(lambda: _has_state(risk, identity, "opgeschort"))
        tried = len(receiver.posts)
        assert tried > 1
        receiver.answers = willing
        async with risk.work("test", sight=Sight.ALL) as work:
            await handlers.resume(work, CALLER, identity)
        await until(lambda: len(receiver.posts) == tried + 2)
    assert receiver.subjects[tried:] == names(made)


async def test_events_that_are_not_kept_are_told_in_the_log(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    await publish(risk, 3)
    identity = await subscribe()
    await risk.pool.execute("DELETE FROM outbox")
    later = await publish(risk, 2)
    async with delivering(risk, server_settings):
        await until(lambda: receiver.subjects == names(later))
    kinds = [line["kind"] for line in await log_of(risk, identity)]
    assert kinds == ["handdruk", "niet meer bewaard", "aflevering", "aflevering"]


async def test_a_secret_that_cannot_be_read_fails_where_it_is_seen(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    broken = await subscribe()
    await risk.pool.execute("UPDATE subscription SET wrapped_key = sealed_token")
    async with receiving() as other:
        await subscribe(callback_url=other.url)
        await publish(risk)
        async with delivering(risk, server_settings):
            await until(lambda: len(other.posts) == 1)
    log = await log_of(risk, broken)
    assert log[0]["error"] == "Interne fout: UnknownKeyError."
    assert receiver.requests == []


async def test_killed_in_the_middle_nothing_is_lost(
    risk: Database,
    risk_url: str,
    receiver: Receiver,
    subscribe: Subscribe,
    server_settings: Settings,
) -> None:
    """SIGKILL while an event is with the receiver: it comes again, with the same id."""
    made = names(await publish(risk, 40))
    await subscribe()
    program = Path(__file__).with_name("delivering_process.py")
    for stop_at in (5, 17, 31):
        process = await asyncio.create_subprocess_exec(sys.executable, str(program), risk_url)
        await until(lambda least=stop_at: len(receiver.posts) >= least, 30)  # type: ignore[misc]
        process.send_signal(signal.SIGKILL)
        await process.wait()
    async with delivering(risk, server_settings):
        await until(lambda: made[-1] in receiver.subjects)
    assert list(dict.fromkeys(receiver.subjects)) == made
    ids = {post.event["subject"]: post.event["id"] for post in receiver.posts}
    assert {(post.event["subject"], post.event["id"]) for post in receiver.posts} == set(
        ids.items()
    )


async def test_of_two_workers_one_delivers_and_the_other_takes_over(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    await subscribe()
    async with delivering(risk, server_settings):
        async with delivering(risk, server_settings):
            first = await publish(risk, 10)
            await until(lambda: len(receiver.posts) >= 10)
        second = await publish(risk, 10)
        await until(lambda: len(receiver.posts) >= 20)
    assert receiver.subjects == names(first + second)


async def test_who_removes_it_in_the_middle_of_a_delivery_is_called_no_more(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    receiver.answers = lambda request: (
        willing(request) if request.method == "OPTIONS" else Answering(hang=0.2)
    )
    await publish(risk, 3)
    identity = await subscribe()
    async with receiving() as other:
        await subscribe(callback_url=other.url)
        async with delivering(risk, server_settings):
            await until(lambda: len(receiver.posts) == 1)
            async with risk.work("test", sight=Sight.ALL) as work:
                await handlers.remove(work, CALLER, identity)
            later = await publish(risk, 2)
            await until(lambda: names(later)[-1] in other.subjects)
            await asyncio.sleep(0.4)
    assert len(receiver.posts) == 1


async def test_a_database_that_breaks_off_is_waited_for(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    made = await publish(risk, 40)
    await subscribe()
    async with delivering(risk, server_settings):
        for least in (5, 20):
            await until(lambda least=least: len(receiver.posts) >= least)  # type: ignore[misc]
            await end_sessions(risk.pool)
        await until(lambda: str(made[-1]) in receiver.subjects, 30)
    assert list(dict.fromkeys(receiver.subjects)) == names(made)
