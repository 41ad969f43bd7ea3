"""Inserts of several units of work in one transaction, when they come at the same time.

A unit of work that only inserts takes one round trip and one flush to disk. What comes while
another is under way goes together when that is done; nobody waits for company. Under load a commit
then takes a fraction of the work, in this process and in the database (docs/adr/0036).
"""

import asyncio
from collections.abc import Sequence
from contextvars import Context
from functools import partial
from typing import Final, NamedTuple

import asyncpg
import orjson

from shared.auth.sight import Sight
from shared.db.connections import is_connection_lost
from shared.db.sessions import LOCK_SECONDS
from shared.db.slow import SlowStatements
from shared.db.write_queue import Queue

# So many at once: the statement stays small.
MOST: Final = 64
# What waits longer than this for its answer keeps nobody else waiting: they go on without it.
PATIENCE_SECONDS: Final = 0.02
# Who runs into a lock keeps its company no longer than this; then each goes alone.
LOCK_SECONDS_TOGETHER: Final = 0.2


class _Commit(NamedTuple):
    queue: Queue
    sight: Sight
    done: asyncio.Future[None]


class GroupCommit:
    """Commits the inserts of units of work on the connections of one pool."""

    def __init__(self, pool: asyncpg.Pool, *, login: str | None, slow: SlowStatements) -> None:
        self._pool = pool
        self._login = login
        self._slow = slow
        self._waiting: list[_Commit] = []
        self._sender: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()

    async def commit(self, queue: Queue, sight: Sight) -> None:
        """Commit what is queued, all of it inserts. Raises the error of the database.

        Who is cancelled meanwhile does not know whether it was committed, as with any statement.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append(_Commit(queue, sight, done))
        if self._sender is None or self._sender.done():
            # In a context of its own: what it logs belongs to no single request.
            self._sender = loop.create_task(self._send_waiting(), context=Context())
        await done

    async def _send_waiting(self) -> None:
        while commits := self._next():
            await asyncio.wait((self._send(commits),), timeout=PATIENCE_SECONDS)

    def _next(self) -> Sequence[_Commit]:
        """Those that go now, of one sight: the session sees what they may see."""
        waiting = [each for each in self._waiting if not each.done.done()]
        together = [each for each in waiting if each.sight == waiting[0].sight][:MOST]
        gone = {id(each) for each in together}
        self._waiting = [each for each in waiting if id(each) not in gone]
        return together

    def _send(self, commits: Sequence[_Commit]) -> asyncio.Task[None]:
        sending = asyncio.create_task(self._execute(commits))
        self._sending.add(sending)
        sending.add_done_callback(partial(self._sent, commits))
        return sending

    async def _execute(self, commits: Sequence[_Commit]) -> None:
        alone = len(commits) == 1
        sql, arguments = Queue.joined([each.queue for each in commits])
        async with self._pool.acquire() as connection:
            await connection.see(self._login, commits[0].sight)
            await connection.wait_for_locks(LOCK_SECONDS if alone else LOCK_SECONDS_TOGETHER)
            await self._slow.watch("write", sql, connection.execute(sql, *arguments))

    def _sent(self, commits: Sequence[_Commit], sending: asyncio.Task[None]) -> None:
        self._sending.discard(sending)
        error = None if sending.cancelled() else sending.exception()
        waiting = [each for each in commits if not each.done.done()]
        if error is not None and len(commits) > 1 and _is_not_kept(error):
            for each in waiting:
                self._send((each,))
            return
        for each in waiting:
            if sending.cancelled():
                each.done.cancel()
            elif error is not None:
                each.done.set_exception(error)
            else:
                each.done.set_result(None)


def _is_not_kept(error: BaseException) -> bool:
    """Whether the server refused the statement, or a value of it could not be written.

    Otherwise nobody knows what became of it.
    """
    refused = isinstance(error, asyncpg.PostgresError) and not is_connection_lost(error)
    return refused or isinstance(error, orjson.JSONEncodeError)
