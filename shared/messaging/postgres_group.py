"""Membership of a consumer group on the log in PostgreSQL.

One session holds everything that makes a member: an advisory lock that says it is there and one
per partition it reads. When the process dies, its session ends and others take over at once. A
process that hangs keeps its session; its heartbeat stops, and another member ends the session.
"""

import asyncio
import os
import socket
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import asyncpg
import structlog

from shared.db.connections import is_open
from shared.messaging.postgres_schema import GROUP_CHANNEL, LOG_CHANNEL
from shared.messaging.transport import TopicPartition

log = structlog.get_logger(__name__)

BALANCE_EVERY: Final = 0.5
HEARTBEAT_EVERY: Final = 3.0
HUNG_AFTER: Final = 30.0

_MEMBERS = """
SELECT pid FROM event_lock
WHERE classid = hashtext($1)::oid AND objid = hashtext('member')::oid ORDER BY pid
"""
_OWNERS = """
SELECT h.topic, h.partition, l.pid
FROM event_head AS h
LEFT JOIN event_lock AS l
  ON l.classid = hashtext($1)::oid AND l.objid = hashtext(h.topic || '/' || h.partition)::oid
WHERE h.topic = ANY($2)
ORDER BY h.topic, h.partition
"""
_ENTER = """
INSERT INTO event_member (group_name, pid, name) VALUES ($1, pg_backend_pid(), $2)
ON CONFLICT (group_name, pid) DO UPDATE SET name = excluded.name, heartbeat_at = now()
"""
_PRESENT = "SELECT pg_advisory_lock_shared(hashtext($1), hashtext('member'))"
_BEAT = """
UPDATE event_member SET heartbeat_at = clock_timestamp()
WHERE group_name = $1 AND pid = pg_backend_pid()
"""
_TAKE = "SELECT pg_try_advisory_lock(hashtext($1), hashtext($2))"
_DROP = "SELECT pg_advisory_unlock(hashtext($1), hashtext($2))"
_POSITIONS = "SELECT topic, partition, next_offset FROM event_position WHERE group_name = $1"
_EVICT = """
SELECT pg_terminate_backend(m.pid) FROM event_member AS m
WHERE m.group_name = $1 AND m.heartbeat_at < clock_timestamp() - make_interval(secs => $2)
  AND m.pid IN (SELECT pid FROM event_lock WHERE classid = hashtext($1)::oid)
"""
_FORGET = """
DELETE FROM event_member AS m
WHERE m.group_name = $1 AND m.heartbeat_at < clock_timestamp() - make_interval(secs => $2)
  AND m.pid NOT IN (SELECT pid FROM event_lock WHERE classid = hashtext($1)::oid)
"""


class Membership:
    """One member of a group: its session, the partitions it holds and where it reads them."""

    def __init__(self, pool: asyncpg.Pool, group: str, topics: Sequence[str]) -> None:
        self.positions: dict[TopicPartition, int] = {}
        self._pool = pool
        self._group = group
        self._topics = list(topics)
        self._session: asyncpg.Connection | None = None
        self._pid = 0
        self._turn = asyncio.Lock()
        self._woken = asyncio.Event()
        self._balance_at = 0.0
        self._heart: asyncio.Task[None] | None = None

    @property
    def joined(self) -> bool:
        return self._session is not None and is_open(self._session)

    async def join(self) -> None:
        """Become a member; others hear of it and give up their surplus."""
        await self.leave()
        try:
            await self._enter()
        except BaseException:
            await self.leave()
            raise
        self._heart = asyncio.create_task(self._beat(), name=f"heartbeat of {self._group}")

    async def _enter(self) -> None:
        self._session = session = await self._pool.acquire()
        self._pid = session.get_server_pid()
        self._balance_at = 0.0
        await session.add_listener(LOG_CHANNEL, self._hear)
        await session.add_listener(GROUP_CHANNEL, self._hear)
        await session.execute(_ENTER, self._group, f"{socket.gethostname()}/{os.getpid()}")
        await session.execute(_PRESENT, self._group)
        await session.execute("SELECT pg_notify($1, $2)", GROUP_CHANNEL, self._group)

    async def leave(self) -> None:
        """End the session: all its locks are free from then on."""
        heart, self._heart = self._heart, None
        session, self._session = self._session, None
        self.positions.clear()
        if heart is not None:
            heart.cancel()
            await asyncio.wait([heart])
        if session is None:
            return
        with suppress(Exception):
            await session.execute("SELECT pg_notify($1, $2)", GROUP_CHANNEL, self._group)
        with suppress(Exception):
            for channel in (LOG_CHANNEL, GROUP_CHANNEL):
                await session.remove_listener(channel, self._hear)
        with suppress(Exception):
            await session.close(timeout=2)
        await self._pool.release(session)

    async def fetch(self, query: str, *arguments: Any) -> list[asyncpg.Record]:
        """Run a query on the session: what it answers, it answers while the locks are ours."""
        async with self._turn:
            if self._session is None:
                raise ConnectionResetError("not a member of the group")
            return await self._session.fetch(query, *arguments)  # type: ignore[no-any-return]

    def expect(self) -> None:
        """From here on, news wakes `wait`."""
        self._woken.clear()

    async def wait(self, timeout: float) -> None:  # noqa: ASYNC109 - a plain wait, cut short by news
        """Wait for new records, a change in the group, or the time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._woken.wait(), timeout)

    async def balance(self) -> None:
        """Give up partitions above our fair share, take free ones below it."""
        if time.monotonic() < self._balance_at:
            return
        self._balance_at = time.monotonic() + BALANCE_EVERY
        owners = {
            TopicPartition(row["topic"], row["partition"]): row["pid"]
            for row in await self.fetch(_OWNERS, self._group, self._topics)
        }
        share = await self._share(len(owners))
        for partition in list(self.positions)[share:]:
            await self._give_up(partition)
        await self._take([p for p, pid in owners.items() if pid is None], share)

    async def _share(self, partitions: int) -> int:
        """How many partitions are ours: equal parts, the remainder to the members first in line."""
        members = [row["pid"] for row in await self.fetch(_MEMBERS, self._group)]
        rank = members.index(self._pid)
        least, rest = divmod(partitions, len(members))
        return least + (rank < rest)

    async def _give_up(self, partition: TopicPartition) -> None:
        del self.positions[partition]
        await self.fetch(_DROP, self._group, _name(partition))
        await self.fetch("SELECT pg_notify($1, $2)", GROUP_CHANNEL, self._group)
        log.info("partition given up", group=self._group, partition=_name(partition))

    async def _take(self, free: Sequence[TopicPartition], share: int) -> None:
        taken: list[TopicPartition] = []
        for partition in free:
            if len(self.positions) + len(taken) >= share:
                break
            if (await self.fetch(_TAKE, self._group, _name(partition)))[0][0]:
                taken.append(partition)
        if not taken:
            return
        rows = await self.fetch(_POSITIONS, self._group)
        committed = {(row["topic"], row["partition"]): row["next_offset"] for row in rows}
        for partition in taken:
            self.positions[partition] = committed.get(partition, 0)
        log.info("partitions taken", group=self._group, partitions=[_name(p) for p in taken])

    async def _beat(self) -> None:
        """Show that this process is alive, and end the sessions of members that are not."""
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            try:
                await self.fetch(_BEAT, self._group)
                evicted = await self.fetch(_EVICT, self._group, HUNG_AFTER)
                await self.fetch(_FORGET, self._group, HUNG_AFTER)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                log.warning("heartbeat missed", group=self._group, error=str(error))
                continue
            if evicted:
                log.warning("hung members ended", group=self._group, count=len(evicted))

    def _hear(self, _session: Any, _pid: int, channel: str, payload: str) -> None:
        if channel == GROUP_CHANNEL and payload == self._group:
            self._balance_at = 0.0
            self._woken.set()
        elif payload in self._topics:
            self._woken.set()


def _name(partition: TopicPartition) -> str:
    return f"{partition.topic}/{partition.partition}"
