"""The relay: order, late commits, standby, crashes, and a transport that is away."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import asyncpg
import pytest

from shared.auth.sight import Sight
from shared.contracts.base import Event
from shared.db.database import Database
from shared.messaging import relay as relay_module
from shared.messaging.cloudevents import from_record
from shared.messaging.leader import SESSION
from shared.messaging.notifier import Notifier
from shared.messaging.relay import Relay
from shared.messaging.transport import Message, TransientTransportError
from tests.integration.messaging.events import Noted, noted
from tests.support.waiting import until


class Recorder:
    """A transport that remembers; `failing` many calls are refused first."""

    def __init__(self, failing: int = 0) -> None:
        self.sent: list[Message] = []
        self.batches: list[int] = []
        self.failing = failing
        self.after: Callable[[], None] | None = None

    async def publish(self, messages: Sequence[Message]) -> None:
        if self.failing:
            self.failing -= 1
            raise TransientTransportError("away")
        self.sent += messages
        self.batches.append(len(messages))
        if self.after:
            self.after()

    async def poll(self, timeout: float, max_records: int) -> dict[object, object]:  # noqa: ASYNC109
        return {}

    async def commit(self, positions: object) -> None:
        return None

    async def close(self) -> None:
        return None

    @property
    def numbers(self) -> list[int]:
        return [
            int(Noted.model_validate_json(from_record(message).data).number)
            for message in self.sent
        ]


async def publish(service: Database, *events: Event) -> None:
    async with service.work("test", sight=Sight.ALL) as work:
        for event in events:
            work.publish(event)


@asynccontextmanager
async def running(
    service: Database, transport: Recorder, **options: object
) -> AsyncIterator[Relay]:
    relay = Relay(service.pool, transport, "proef", **options)  # type: ignore[arg-type]
    stop = asyncio.Event()
    task = asyncio.create_task(relay.run(stop))
    try:
        yield relay
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()


async def unpublished(service: Database) -> int:
    return int(
        await service.pool.fetchval("SELECT count(*) FROM outbox WHERE published_at IS NULL")
    )


async def all_published(service: Database) -> bool:
    return await unpublished(service) == 0


async def test_events_leave_in_the_order_in_which_they_were_written(service: Database) -> None:
    transport = Recorder()
    key = uuid4()
    for start in range(0, 60, 20):
        await publish(service, *(noted(number, key) for number in range(start, start + 20)))
    async with running(service, transport, batch_size=25):
        await until(lambda: len(transport.sent) == 60)
    assert transport.numbers == list(range(60))
    assert transport.batches == [25, 25, 10]
    assert await unpublished(service) == 0


async def test_an_event_carries_the_attributes_of_the_national_profile(service: Database) -> None:
    transport = Recorder()
    event = Noted(version=7, complaint_id=uuid4(), number="1", participant="gm0153")
    await publish(service, event)
    async with running(service, transport):
        await until(lambda: len(transport.sent) == 1)
    envelope = from_record(transport.sent[0])
    assert envelope.type == "nl.vth.proeven.proef-genoteerd"
    assert envelope.source == "urn:nld:oin:00000001823288444000:systeem:proef"
    assert envelope.subject == envelope.key == str(event.complaint_id)
    assert envelope.sequence == 7
    assert envelope.participant == "gm0153"
    assert envelope.time is not None
    assert envelope.dataref == f"/proef/v1/proeven/{event.complaint_id}"
    assert transport.sent[0].topic == "vth.proef.v1"


async def test_a_late_commit_with_an_early_number_is_not_skipped(service: Database) -> None:
    transport = Recorder()
    async with running(service, transport, poll_every=0.02):
        async with service.work("test", sight=Sight.ALL) as slow:
            slow.publish(noted(1))
            await slow.flush()
            await publish(service, noted(2))
            await until(lambda: transport.numbers == [2])
            await asyncio.sleep(0.1)
        await until(lambda: transport.numbers == [2, 1])
    assert await unpublished(service) == 0


async def test_one_relay_publishes_and_another_takes_over_when_it_dies(service: Database) -> None:
    first, second = Recorder(), Recorder()
    async with running(service, first):
        await publish(service, noted(1))
        await until(lambda: len(first.sent) == 1)
        async with running(service, second):
            await publish(service, noted(2))
            # What was sent and not noted would rightly be sent again.
            await until(lambda: all_published(service))
            assert (first.numbers, second.numbers) == ([1, 2], [])
            await service.pool.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' "
                "AND granted AND objsubid = 2 AND pid <> pg_backend_pid() "
                "AND classid = hashtext('relay')::oid"
            )
            await publish(service, noted(3))
            await until(lambda: len(first.sent) + len(second.sent) >= 3)
    assert sorted(first.numbers + second.numbers) == [1, 2, 3]


async def test_a_crash_between_publishing_and_marking_publishes_again(service: Database) -> None:
    await publish(service, noted(1), noted(2))
    doomed = Recorder()
    relay = Relay(service.pool, doomed, "proef")  # type: ignore[arg-type]
    task = asyncio.create_task(relay.run(asyncio.Event()))
    doomed.after = lambda: _cancel(task)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert doomed.numbers == [1, 2]
    assert await unpublished(service) == 2
    heir = Recorder()
    async with running(service, heir):
        await until(lambda: len(heir.sent) == 2)
    assert [dict(message.headers)["ce_id"] for message in heir.sent] == [
        dict(message.headers)["ce_id"] for message in doomed.sent
    ]


async def test_a_transport_that_is_away_is_tried_again_and_nothing_is_marked(
    service: Database,
) -> None:
    transport = Recorder(failing=2)
    await publish(service, noted(1))
    async with running(service, transport):
        await until(lambda: transport.failing == 0)
        assert await unpublished(service) == 1
        await until(lambda: transport.numbers == [1])
        await until(lambda: all_published(service))


async def test_a_relay_that_waits_too_long_for_its_database_begins_again(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody alters the table, or the disk is slow: no reason to end the worker."""
    session = f"{SESSION}; SET lock_timeout = '50ms'"
    monkeypatch.setattr(relay_module, "SESSION", session)
    transport = Recorder()
    other: asyncpg.Connection
    async with running(service, transport, poll_every=0.01):
        async with service.pool.acquire() as other, other.transaction():
            await other.execute("LOCK TABLE outbox IN ACCESS EXCLUSIVE MODE")
            await asyncio.sleep(0.3)
        await publish(service, noted(1))
        await until(lambda: transport.numbers == [1])


async def test_what_waits_is_published_before_the_relay_stops(service: Database) -> None:
    transport = Recorder()
    async with running(service, transport, poll_every=30):
        await publish(service, noted(0))
        await until(lambda: len(transport.sent) <= 1)
        await asyncio.sleep(0.1)
        await publish(service, *(noted(number) for number in range(1, 40)))
        await service.pool.execute("NOTIFY vth_outbox")
    assert len(transport.sent) == 40


async def test_old_published_events_are_removed_and_unpublished_ones_stay(
    service: Database,
) -> None:
    await publish(service, *(noted(number) for number in range(5)))
    await service.pool.execute(
        "UPDATE outbox SET published_at = now() - interval '40 days' WHERE seq <= 2"
    )
    await service.pool.execute("UPDATE outbox SET published_at = now() WHERE seq = 3")
    transport = Recorder()
    async with running(service, transport, keep=timedelta(days=30)):
        await until(lambda: len(transport.sent) == 2)
    rows = await service.pool.fetch("SELECT seq FROM outbox ORDER BY seq")
    assert [row["seq"] for row in rows] == [3, 4, 5]


async def test_a_notification_wakes_the_relay_at_once(service: Database) -> None:
    transport = Recorder()
    async with (
        running(service, transport, poll_every=20),
        Notifier(service.pool) as notifier,
    ):
        await asyncio.sleep(0.3)
        service.on_published = notifier.notify_soon
        await publish(service, noted(1))
        await until(lambda: len(transport.sent) == 1, 2)


async def test_many_requests_become_few_notifications(service: Database) -> None:
    heard: list[str] = []
    connection: asyncpg.Connection
    async with service.pool.acquire() as connection, Notifier(service.pool) as notifier:
        listener = lambda *args: heard.append(args[2])  # noqa: E731
        await connection.add_listener("vth_outbox", listener)
        for _ in range(500):
            notifier.notify_soon()
        await asyncio.sleep(0.2)
        await connection.remove_listener("vth_outbox", listener)
    assert 1 <= len(heard) <= 3
