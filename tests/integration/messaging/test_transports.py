"""What both transports must do alike."""

import asyncio
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from shared.messaging.transport import Batch, Message, Record
from tests.integration.messaging.conftest import Log, Member

Unique = Callable[[str], str]


def messages(topic: str, count: int, keys: int = 10) -> list[Message]:
    return [
        Message(topic, f"key-{n % keys}", {"ce_id": str(n), "ce_subject": "één"}, str(n).encode())
        for n in range(count)
    ]


def flat(batch: Batch) -> list[Record]:
    return [record for records in batch.values() for record in records]


async def receive(
    member: Member, count: int, *, commit: bool = True, limit: float = 30
) -> list[Record]:
    """Poll until so many records came."""
    received: list[Record] = []
    deadline = time.monotonic() + limit
    while len(received) < count:
        assert time.monotonic() < deadline, f"{len(received)} of {count} records came"
        received += await receive_once(member, commit=commit)
    return received


async def receive_once(member: Member, *, commit: bool = True) -> list[Record]:
    batch = await member.poll(0.3, 500)
    if commit and batch:
        await member.commit({place: records[-1].offset + 1 for place, records in batch.items()})
    return flat(batch)


async def silence(member: Member, seconds: float = 1.0) -> list[Record]:
    """What comes although nothing should."""
    received: list[Record] = []
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        received += await receive_once(member)
    return received


def values(records: Iterable[Record]) -> list[int]:
    return [int(record.value) for record in records]


async def test_events_of_a_key_come_in_the_order_in_which_they_were_published(
    log: Log, unique: Unique
) -> None:
    publisher, member = log.member(), log.member(unique("group"))
    sent = messages(log.topic, 300)
    for start in range(0, 300, 50):
        await publisher.publish(sent[start : start + 50])
    received = await receive(member, 300)
    for key in {record.key for record in received}:
        of_key = [record for record in received if record.key == key]
        assert values(of_key) == sorted(values(of_key))
        assert len({record.partition for record in of_key}) == 1
    assert sorted(values(received)) == list(range(300))


async def test_a_record_arrives_as_it_was_published(log: Log, unique: Unique) -> None:
    member = log.member(unique("group"))
    sent = Message(
        log.topic, "sleutel-€", {"ce_id": "1", "ce_subject": "naïef €"}, b'{"a": "\xc3\xab"}'
    )
    await log.member().publish([sent])
    (record,) = await receive(member, 1)
    assert (record.topic, record.key, dict(record.headers), record.value) == tuple(sent)
    assert record.offset == 0


async def test_a_batch_is_no_larger_than_asked_and_nothing_gets_lost_between(
    log: Log, unique: Unique
) -> None:
    member = log.member(unique("group"))
    await log.member().publish(messages(log.topic, 200))
    received: list[Record] = []
    while len(received) < 200:
        batch = flat(await member.poll(1, 30))
        assert len(batch) <= 30
        received += batch
    assert sorted(values(received)) == list(range(200))


async def test_a_poll_returns_as_soon_as_something_is_published(log: Log, unique: Unique) -> None:
    publisher, member = log.member(), log.member(unique("group"))
    await publisher.publish(messages(log.topic, 1))
    await receive(member, 1)
    waiting = asyncio.create_task(member.poll(5, 10))
    await asyncio.sleep(0.1)
    start = time.perf_counter()
    await publisher.publish(messages(log.topic, 1))
    assert len(flat(await waiting)) == 1
    assert time.perf_counter() - start < 1


async def test_an_empty_poll_takes_its_time_and_no_more(log: Log, unique: Unique) -> None:
    member = log.member(unique("group"))
    await member.poll(0.1, 10)
    start = time.perf_counter()
    assert flat(await member.poll(0.5, 10)) == []
    assert 0.4 < time.perf_counter() - start < 3


async def test_the_group_goes_on_where_it_committed(log: Log, unique: Unique) -> None:
    group = unique("group")
    publisher, first = log.member(), log.member(group)
    await publisher.publish(messages(log.topic, 40))
    await receive(first, 40)
    await first.close()
    await publisher.publish(messages(log.topic, 5))
    second = log.member(group)
    assert sorted(values(await receive(second, 5))) == [0, 1, 2, 3, 4]
    assert await silence(second) == []


async def test_what_was_not_committed_is_delivered_again(log: Log, unique: Unique) -> None:
    group = unique("group")
    await log.member().publish(messages(log.topic, 20))
    first = log.member(group)
    await receive(first, 20, commit=False)
    await first.close()
    assert sorted(values(await receive(log.member(group), 20))) == list(range(20))


async def test_a_crash_between_effect_and_commit_delivers_again(log: Log, unique: Unique) -> None:
    group = unique("group")
    await log.member().publish(messages(log.topic, 20, keys=1))
    program = Path(__file__).with_name("crashing_member.py")
    crash = await asyncio.create_subprocess_exec(
        sys.executable,
        str(program),
        *log.crasher(group),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
        env={"PYTHONPATH": str(Path(__file__).parents[3])},
    )
    out, _ = await crash.communicate()
    effects = [int(line.split()[1]) for line in out.decode().splitlines() if "effect" in line]
    assert crash.returncode == -9
    assert effects == list(range(20))
    assert values(await receive(log.member(group), 20)) == effects


async def test_every_group_gets_everything_from_the_start(log: Log, unique: Unique) -> None:
    await log.member().publish(messages(log.topic, 30))
    for name in ("risk", "reporting"):
        received = await receive(log.member(unique(name)), 30)
        assert sorted(values(received)) == list(range(30))


async def test_a_group_can_read_again_from_the_start(log: Log, unique: Unique) -> None:
    member = log.member(unique("group"))
    await log.member().publish(messages(log.topic, 30))
    await receive(member, 30)
    await member.seek_to_beginning()
    assert sorted(values(await receive(member, 30))) == list(range(30))


async def test_two_members_of_a_group_share_the_work(log: Log, unique: Unique) -> None:
    group = unique("group")
    publisher, one, two = log.member(), log.member(group), log.member(group)
    await settled(one, two, publisher, log.topic)
    await publisher.publish(messages(log.topic, 600, keys=60))
    received: dict[int, list[Record]] = {1: [], 2: []}

    async def work(number: int, member: Member) -> None:
        while len(received[1]) + len(received[2]) < 600:
            received[number] += await receive_once(member)

    await asyncio.wait_for(asyncio.gather(work(1, one), work(2, two)), 30)
    assert sorted(values(received[1] + received[2])) == list(range(600))
    parts = [{record.partition for record in received[number]} for number in (1, 2)]
    assert [len(part) for part in parts] == [3, 3]
    assert not parts[0] & parts[1]


async def test_a_member_that_leaves_is_succeeded(log: Log, unique: Unique) -> None:
    group = unique("group")
    publisher, one, two = log.member(), log.member(group), log.member(group)
    await settled(one, two, publisher, log.topic)
    await one.close()
    await publisher.publish(messages(log.topic, 60, keys=60))
    assert sorted(values(await receive(two, 60))) == list(range(60))


async def test_a_new_member_waits_until_the_batch_in_hand_is_done(log: Log, unique: Unique) -> None:
    group = unique("group")
    await log.member().publish(messages(log.topic, 60, keys=60))
    one, two = log.member(group), log.member(group)
    in_hand: Batch = {}
    while not in_hand:
        in_hand = await one.poll(1, 500)
    joining = asyncio.create_task(two.poll(2, 500))
    await asyncio.sleep(1)
    await one.commit({place: records[-1].offset + 1 for place, records in in_hand.items()})
    received = flat(in_hand) + flat(await joining)
    deadline = time.monotonic() + 30
    while len(received) < 60 and time.monotonic() < deadline:
        received += await receive_once(one)
        received += await receive_once(two)
    assert sorted(values(received)) == list(range(60))


async def test_lag_counts_what_waits(log: Log, unique: Unique) -> None:
    member = log.member(unique("group"))
    await log.member().publish(messages(log.topic, 12))
    await receive(member, 12, commit=False)
    assert sum(line.lag for line in await member.lag()) == 12
    assert not await member.behind()
    await member.seek_to_beginning()
    await log.member().publish(messages(log.topic, 3))
    await receive(member, 15)
    assert sum(line.lag for line in await member.lag()) == 0


async def test_topics_never_appear_by_themselves(log: Log) -> None:
    publisher = log.member()
    with pytest.raises(Exception, match=r"does not exist|UnknownTopic|not published"):
        await asyncio.wait_for(publisher.publish(messages("nergens.v1", 1)), 40)


async def settled(one: Member, two: Member, publisher: Member, topic: str) -> None:
    """Poll until both members receive, so that the group has found its balance."""
    seen: dict[int, set[int]] = {1: set(), 2: set()}
    deadline = time.monotonic() + 30

    async def listen(number: int, member: Member) -> None:
        seen[number] = {record.partition for record in await receive_once(member)}

    while [len(part) for part in seen.values()] != [3, 3]:
        assert time.monotonic() < deadline, f"no balance: {seen}"
        await publisher.publish(messages(topic, 60, keys=60))
        await asyncio.gather(listen(1, one), listen(2, two))
    for member in (one, two):
        await silence(member, 0.5)
