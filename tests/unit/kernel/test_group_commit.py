"""Which inserts go together, and what each hears, on a pool that does as it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from shared.auth.sight import Sight
from shared.db.group_commit import LOCK_SECONDS_TOGETHER, MOST, GroupCommit
from shared.db.sessions import LOCK_SECONDS
from shared.db.slow import SlowStatements
from shared.db.write_queue import Queue

THING = Table("thing", MetaData(), Column("id", Integer, primary_key=True))
SOME = Sight.of(["gm0141"])


class _Pool:
    """A pool whose sessions write down what they were asked, and answer when they may."""

    def __init__(self) -> None:
        self.sent: list[list[int]] = []
        self.seen: list[Sight] = []
        self.locks: list[float] = []
        self.open = asyncio.Event()
        self.twice = asyncio.Event()
        self.refuses: Callable[[list[int]], Exception | None] = lambda _: None

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator["_Pool"]:
        yield self

    async def see(self, login: str | None, sight: Sight) -> None:
        assert login == "vth_test"
        self.seen.append(sight)

    async def wait_for_locks(self, seconds: float) -> None:
        self.locks.append(seconds)

    async def execute(self, _: str, argument: Any) -> None:
        ids = [argument] if isinstance(argument, int) else [r["id"] for r in orjson.loads(argument)]
        self.sent.append(ids)
        if len(self.sent) == 2:
            self.twice.set()
        await self.open.wait()
        if error := self.refuses(ids):
            raise error


def opened(pool: Any) -> GroupCommit:
    return GroupCommit(pool, login="vth_test", slow=SlowStatements())


def insert(group: GroupCommit, identity: int, sight: Sight = Sight.ALL) -> asyncio.Task[None]:
    queue = Queue()
    queue.insert(THING, {"id": identity})
    return asyncio.create_task(group.commit(queue, sight))


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_the_first_goes_at_once_and_the_others_together_after_it() -> None:
    pool = _Pool()
    group = opened(pool)
    first = insert(group, 0)
    await settled()
    others = [insert(group, n) for n in range(1, 6)]
    await settled()
    assert pool.sent == [[0]]
    pool.open.set()
    await asyncio.gather(first, *others)
    assert pool.sent == [[0], [1, 2, 3, 4, 5]]
    assert pool.locks == [LOCK_SECONDS, LOCK_SECONDS_TOGETHER]


async def test_who_may_see_different_rows_goes_apart() -> None:
    pool = _Pool()
    pool.open.set()
    group = opened(pool)
    tasks = [insert(group, n, SOME if n % 2 else Sight.ALL) for n in range(4)]
    await asyncio.gather(*tasks)
    assert pool.sent == [[0, 2], [1, 3]]
    assert pool.seen == [Sight.ALL, SOME]


async def test_no_more_go_together_than_the_limit() -> None:
    pool = _Pool()
    pool.open.set()
    group = opened(pool)
    await asyncio.gather(*(insert(group, n) for n in range(MOST + 3)))
    assert list(map(len, pool.sent)) == [MOST, 3]


async def test_one_that_is_refused_is_refused_alone() -> None:
    pool = _Pool()
    pool.open.set()
    pool.refuses = lambda ids: asyncpg.UniqueViolationError("2 is taken") if 2 in ids else None
    group = opened(pool)
    outcomes = await asyncio.gather(*(insert(group, n) for n in range(4)), return_exceptions=True)
    assert pool.sent == [[0, 1, 2, 3], [0], [1], [2], [3]]
    assert [type(each) for each in outcomes] == [
        type(None), type(None), asyncpg.UniqueViolationError, type(None),
    ]  # fmt: skip


async def test_one_that_cannot_be_written_is_refused_alone() -> None:
    """A number beyond JSON is found before anything is sent, and only in company."""
    too_large = 10**30
    pool = _Pool()
    pool.open.set()
    pool.refuses = lambda ids: asyncpg.DataError("out of range") if too_large in ids else None
    group = opened(pool)
    outcomes = await asyncio.gather(
        *(insert(group, n) for n in (0, too_large, 2)), return_exceptions=True
    )
    assert pool.sent == [[0], [too_large], [2]]
    assert [type(each) for each in outcomes] == [type(None), asyncpg.DataError, type(None)]


async def test_who_gave_up_before_it_was_refused_is_not_sent_again() -> None:
    pool = _Pool()
    pool.refuses = lambda ids: asyncpg.LockNotAvailableError() if len(ids) > 1 else None
    group = opened(pool)
    tasks = [insert(group, n) for n in range(3)]
    await settled()
    tasks[1].cancel()
    pool.open.set()
    await asyncio.gather(tasks[0], tasks[2])
    assert pool.sent == [[0, 1, 2], [0], [2]]


async def test_a_sender_that_was_ended_is_replaced() -> None:
    pool = _Pool()
    group = opened(pool)
    first = insert(group, 0)
    await settled()
    for task in asyncio.all_tasks() - {asyncio.current_task(), first}:
        task.cancel()
    await asyncio.wait({first})
    assert first.cancelled()
    pool.open.set()
    async with asyncio.timeout(5):
        await insert(group, 1)
    assert pool.sent == [[0], [1]]


@pytest.mark.parametrize(
    "error", [asyncpg.ConnectionDoesNotExistError("gone"), ConnectionResetError(), TimeoutError()]
)
async def test_what_may_have_been_committed_is_not_sent_again(error: Exception) -> None:
    pool = _Pool()
    pool.open.set()
    pool.refuses = lambda _: error
    group = opened(pool)
    outcomes = await asyncio.gather(*(insert(group, n) for n in range(3)), return_exceptions=True)
    assert pool.sent == [[0, 1, 2]]
    assert outcomes == [error, error, error]


async def test_who_gave_up_before_it_went_is_not_sent() -> None:
    pool = _Pool()
    group = opened(pool)
    first = insert(group, 0)
    await settled()
    gave_up, stays = insert(group, 1), insert(group, 2)
    await settled()
    gave_up.cancel()
    pool.open.set()
    await asyncio.gather(first, stays)
    assert pool.sent == [[0], [2]]


async def test_one_that_hangs_keeps_nobody_waiting() -> None:
    pool = _Pool()
    group = opened(pool)
    hangs = insert(group, 0)
    await settled()
    goes_on = insert(group, 1)
    async with asyncio.timeout(5):
        await pool.twice.wait()
    assert pool.sent == [[0], [1]]
    pool.open.set()
    await asyncio.gather(hangs, goes_on)
