"""Up to where the outbox is decided: below that, nothing can appear any more.

A sequence number is taken before its transaction commits, so the newest visible event may have
older ones behind it that are still to come. Whoever writes into the outbox holds its row lock from
before the number is taken until after its rows are visible. So: note the last number, note who
holds the lock, and when those are done everything up to that number is decided. Only writers of
this outbox count; a long transaction elsewhere holds nobody up.
"""

from enum import Enum, auto
from typing import Final

import asyncpg

_LAST: Final = """
SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('outbox', 'seq')::regclass), 0)
"""
_WRITERS: Final = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
  AND relation = 'outbox'::regclass
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
_DECIDED: Final = "SELECT decided FROM event_feed"
_MOVE: Final = """
UPDATE event_feed SET decided = $1, decided_at = now() WHERE decided < $1 RETURNING decided
"""


class Step(Enum):
    """What a step found: nothing new, writers that are not done, or a later end."""

    AT_REST = auto()
    WAITING = auto()
    MOVED = auto()


class Visibility:
    """Moves the end of what is decided of one outbox; one process at a time does."""

    def __init__(self) -> None:
        self.decided = -1
        self._target = 0
        self._writers: frozenset[str] = frozenset()

    @property
    def waiting(self) -> int:
        """How many numbers were given out and are not decided."""
        return max(self._target - self.decided, 0)

    async def step(self, session: asyncpg.Connection) -> Step:
        """Look once, without waiting for anybody."""
        if self.decided < 0:
            self.decided = await session.fetchval(_DECIDED)
        if self._writers:
            self._writers &= await self._now_writing(session)
        else:
            # In this order: a writer that took a number below is still seen, or done.
            self._target = await session.fetchval(_LAST)
            if self._target <= self.decided:
                return Step.AT_REST
            self._writers = await self._now_writing(session)
        if self._writers:
            return Step.WAITING
        await session.execute(_MOVE, self._target)
        self.decided = self._target
        return Step.MOVED

    async def _now_writing(self, session: asyncpg.Connection) -> frozenset[str]:
        rows = await session.fetch(_WRITERS)
        return frozenset(row["virtualtransaction"] for row in rows)
