"""Whatever becomes of the relay that leads, another takes over, and no key gets out of order."""

import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from shared.db.database import Database
from shared.messaging import leader as leading_module
from shared.messaging import relay as relay_module
from shared.messaging.cloudevents import from_record
from shared.messaging.relay import Relay
from shared.messaging.transport import Message
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_relay import Recorder, publish, running, unpublished
from tests.support.waiting import until

PROGRAM = Path(__file__).with_name("relay_process.py")
ROOT = Path(__file__).parents[3]
PUT_OUT = """
SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted
AND classid = hashtext('relay')::oid AND objid = hashtext('proef')::oid
AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@asynccontextmanager
async def leading(service: Database, url: str) -> AsyncIterator[Process]:
    """A relay in a process of its own, that has published something."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), url, stdout=PIPE, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    )
    try:
        await publish(service, noted(1))
        await has_published(process)
        # Then it has asked each of its questions once: from here on it is idle between them.
        await until(lambda: all_marked(service), 30)
        await asyncio.sleep(0.5)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def all_marked(service: Database) -> bool:
    return await unpublished(service) == 0


async def has_published(process: Process) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(30):
        while not (line := await process.stdout.readline()).startswith(b"sent"):
            assert line, "the relay ended"


def test_who_stands_by_looks_often_enough_to_lead_within_five_seconds() -> None:
    """A leader that is gone is succeeded after one look; one that hangs is first put out."""
    assert relay_module.STANDBY_EVERY + leading_module.HUNG_AFTER <= 5
    assert f"idle_session_timeout = '{leading_module.HUNG_AFTER:g}s'" in leading_module.SESSION
    assert leading_module.HUNG_AFTER >= 3 * leading_module.ALIVE_EVERY


async def test_a_session_that_stopped_half_way_a_question_ends_too(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not idle for PostgreSQL; its transaction lasts too long."""
    quick = leading_module.SESSION.replace("'30s'", "'300ms'")
    monkeypatch.setattr(relay_module, "SESSION", quick)
    relay = Relay(service.pool, Recorder(), "proef")  # type: ignore[arg-type]
    async with relay._session() as session:
        assert await session.fetchval("SHOW transaction_timeout") == "300ms"
        await session.execute("BEGIN")
        pid = session.get_server_pid()
        there = "SELECT count(*) FROM pg_stat_activity WHERE pid = $1"

        async def is_ended() -> bool:
            return bool(await service.pool.fetchval(there, pid) == 0)

        await until(is_ended)


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_leader_that_is_killed_or_hangs_is_succeeded(
    service: Database, service_template: str, sent: signal.Signals
) -> None:
    heir = Recorder()
    async with leading(service, service_template) as process, running(service, heir):
        process.send_signal(sent)
        await publish(service, noted(2))
        await until(lambda: 2 in heir.numbers, 60)
    assert await unpublished(service) == 0


async def test_a_leader_that_hung_and_wakes_up_stands_by(
    service: Database, service_template: str
) -> None:
    async with leading(service, service_template) as process:
        async with running(service, heir := Recorder()):
            process.send_signal(signal.SIGSTOP)
            await publish(service, noted(2))
            await until(lambda: 2 in heir.numbers, 60)
            process.send_signal(signal.SIGCONT)
            await publish(service, noted(3))
            await until(lambda: 3 in heir.numbers, 60)
        await publish(service, noted(4))
        await has_published(process)


class Slow(Recorder):
    """A transport that takes as long as brokers that are away do."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds

    async def publish(self, messages: Sequence[Message]) -> None:
        await asyncio.sleep(self.seconds)
        await super().publish(messages)


async def test_a_leader_that_waits_long_for_the_transport_keeps_the_lead(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = leading_module.SESSION.replace(f"'{leading_module.HUNG_AFTER:g}s'", "'600ms'")
    monkeypatch.setattr(relay_module, "SESSION", session)
    monkeypatch.setattr(relay_module, "ALIVE_EVERY", 0.1)
    patient = Slow(2)
    await publish(service, noted(1))
    async with running(service, patient), running(service, other := Recorder()):
        await until(lambda: patient.numbers == [1])
        assert other.sent == []


async def test_the_order_of_each_key_holds_while_the_lead_changes_hands(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three relays, and their leader is put out again and again while 40 keys are written."""
    monkeypatch.setattr(relay_module, "STANDBY_EVERY", 0.02)
    chance = random.Random(20261125)
    keys = [uuid4() for _ in range(40)]
    log: list[Message] = []
    relays = [Recorder() for _ in range(3)]
    for each in relays:
        each.sent = log
    async with AsyncExitStack() as stack:
        for each in relays:
            await stack.enter_async_context(running(service, each, batch_size=7))
        for start in range(0, 600, 20):
            numbers = range(start, start + 20)
            await publish(service, *(noted(number, chance.choice(keys)) for number in numbers))
            if start % 100 == 0:
                reached = len(log)
                await until(lambda least=reached: len(log) > least)  # type: ignore[misc]
                await service.pool.execute(PUT_OUT)
        await until(lambda: len({m.headers["ce_id"] for m in log}) == 600, 60)
    assert first_times(log, keys)
    assert sum(1 for each in relays if each.batches) > 1


def first_times(log: Sequence[Message], keys: Sequence[UUID]) -> bool:
    """Whether each key came in order, looking at the first time of each event."""
    seen = {message.headers["ce_id"]: message for message in reversed(log)}
    ordered = [message for message in log if seen.get(message.headers["ce_id"]) is message]
    return all(
        (numbers := [_number(m) for m in ordered if m.key == str(key)]) == sorted(numbers)
        for key in keys
    )


def _number(message: Message) -> int:
    return int(Noted.model_validate_json(from_record(message).data).number)
