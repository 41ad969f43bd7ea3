"""A projection made anew while the service works on: filled beside the old one, then swapped.

The new tables hold exactly what the live consumer handled, no more and no less: it goes on where it
was, and the inbox stays what it is. Below its committed position that is everything; behind it the
inbox tells, read while the consumer is held.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple
from uuid import UUID

import asyncpg
import structlog
from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.connections import pauses
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.offsets import LogOffsets, Positions
from shared.messaging.received import Incoming
from shared.messaging.replay import Replay
from shared.messaging.transport import Record, TopicPartition
from shared.rebuild import shadow
from shared.rebuild.filling import Filling, RebuildError
from shared.rebuild.projection import Projection

log = structlog.get_logger(__name__)

BATCH: Final = 4_000
PARSED_AT_ONCE: Final = 250
# So few events left that they are caught up within the swap.
NEAR: Final = 1_000
ROUNDS: Final = 200
INDEX_LIMIT: Final = 3_600.0
# So long it tries to get hold of the tables, each time for a moment: a backup may keep them.
SWAP_LIMIT: Final = 3_600.0
SWAP_PAUSE: Final = 0.5
DERIVE_ATTEMPTS: Final = 5
# Behind its committed position a consumer has handled a batch or two, or it lost its place.
TAIL: Final = 50_000
_HOLD: Final = (
    "SET LOCAL lock_timeout = '5s'",
    "LOCK TABLE public.inbox IN EXCLUSIVE MODE",
    "LOCK TABLE public.parked_event IN EXCLUSIVE MODE",
)
_HURRY: Final = ("SET LOCAL lock_timeout = '300ms'", "SET LOCAL synchronous_commit = on")
_NOT_APPLIED = text("""
SELECT event_id FROM public.parked_event
WHERE consumer = :consumer AND state IN ('parked', 'retry', 'discarded')
""")
_KNOWN = text("""
SELECT event_id FROM public.inbox
WHERE consumer = :consumer AND event_id = ANY(CAST(:ids AS uuid[]))
""")
LOST: Final = (
    "De consument van deze dienst staat in het logboek ver achter bij wat zij verwerkte. "
    "Laat haar eerst bijkomen (vth events status) en begin opnieuw."
)

# What is kept in the commit of the swap, given the events that were read.
Note = Callable[[UnitOfWork, int], Awaitable[None]]


class Progress(NamedTuple):
    """How far a rebuild is: the step in words, and the events read of those that were there."""

    step: str
    done: int
    total: int


class Live(NamedTuple):
    """The consumer whose tables are made anew: its name, and up to where it committed."""

    consumer: str
    positions: Callable[[], Awaitable[Positions]]


class Rebuild:
    """One rebuild; `session` holds the lock that makes it the only one.

    `note` may refuse the swap by what it raises.
    """

    def __init__(
        self,
        projection: Projection,
        live: Live,
        replay: Replay,
        session: asyncpg.Connection,
        database: Database,
        report: Callable[[Progress], None],
        note: Note,
    ) -> None:
        self._projection = projection
        self._tables = [table.name for table in projection.tables]
        self._live = live
        self._replay = replay
        self._session = session
        self._database = database
        self._filling = Filling(database, projection)
        self._report = report
        self._note = note
        self._owner = ""
        self._at: dict[TopicPartition, int] = {}
        self._kept_back: list[Incoming] = []
        self.done = 0
        self._total = 0
        # It is not to be broken off in the commit of the swap.
        self.is_swapping = False

    async def run(self) -> int:
        """Make the tables anew and swap them; gives how many events were read.

        Raises RebuildError when it cannot be done, and errors of the database and the log.
        """
        edges = await self._replay.edges()
        _require_whole(edges)
        self._at = dict(edges.first)
        self._owner = await shadow.become_owner(self._session, self._tables)
        await shadow.create(self._session, self._tables)
        await self._catch_up("gebeurtenissen inlezen")
        self._tell("indexen maken")
        await shadow.complete(self._session, self._tables, INDEX_LIMIT)
        await self._swap()
        return self.done

    async def finish(self) -> None:
        """After the swap: remove what was only for the rebuild, and have the rest follow."""
        await shadow.become_owner(self._session, self._tables)
        await shadow.drop(self._session)
        await self._derive()

    async def _catch_up(self, step: str) -> None:
        """Follow the live consumer until it is near."""
        for _ in range(ROUNDS):
            until = await self._live.positions()
            left = _between(self._at, until)
            self._total = self.done + left
            await self._follow(until, step)
            if left <= NEAR:
                return
        raise RebuildError("De herbouw haalt de dienst niet in: het is te druk. Probeer het later.")

    async def _follow(self, until: Positions, step: str) -> None:
        # Asked after `until`: whatever below it was not handled is among them.
        held = await self._held()
        await self._release(self._filling.fill, held)
        batches: asyncio.Queue[tuple[int, list[Incoming]] | None] = asyncio.Queue(1)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._read(until, batches))
                while (batch := await batches.get()) is not None:
                    count, events = batch
                    await self._filling.fill(self._without(events, held))
                    self.done += count
                    self._tell(step)
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None

    async def _read(
        self, until: Positions, batches: asyncio.Queue[tuple[int, list[Incoming]] | None]
    ) -> None:
        """Read and parse one batch ahead, while PostgreSQL is at the one before."""
        while records := await self._replay.read(self._at, until, BATCH):
            self._advance(records)
            events: list[Incoming] = []
            for start in range(0, len(records), PARSED_AT_ONCE):
                events += self._filling.read(records[start : start + PARSED_AT_ONCE])
                # Who fills goes on as soon as PostgreSQL has answered.
                await asyncio.sleep(0)
            await batches.put((len(records), events))
        await batches.put(None)

    async def _swap(self) -> None:
        deadline, waits = time.monotonic() + SWAP_LIMIT, pauses(SWAP_PAUSE)
        while time.monotonic() < deadline:
            await self._catch_up("bijwerken")
            self._tell("wisselen")
            at, kept_back = dict(self._at), list(self._kept_back)
            with suppress(asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                await self._try_swap()
                return
            self.is_swapping = False
            self._at, self._kept_back = at, kept_back
            await asyncio.sleep(next(waits))
        raise RebuildError(
            "De tabellen zijn te lang in gebruik om te wisselen: zie pg_stat_activity. "
            "Probeer het op een rustiger moment."
        )

    async def _try_swap(self) -> None:
        """Hold the consumer, take up its last events, and change the tables in one moment.

        Readers go on until the very last step.
        """
        async with self._database.work(sight=Sight.ALL) as work:
            await work.take_time()
            for statement in _HOLD:
                await work.execute(text(statement))
            held = await self._held(work)
            await self._release(lambda events: self._filling.apply(work, events), held)
            await self._take_tail(work, held)
            self.is_swapping = True
            await self._note(work, self.done)
            for statement in (*_HURRY, *shadow.swap(self._tables, self._owner)):
                await work.execute(text(statement))

    async def _derive(self) -> None:
        """Have made anew what the service derived from the tables; it may take its time."""
        if self._projection.after is None:
            return
        for attempt in range(1, DERIVE_ATTEMPTS + 1):
            try:
                async with self._database.work(sight=Sight.ALL) as work:
                    await work.take_time()
                    await work.execute(self._projection.after)
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                if attempt == DERIVE_ATTEMPTS:
                    raise
                await asyncio.sleep(SWAP_PAUSE)
            else:
                return

    async def _take_tail(self, work: UnitOfWork, held: set[UUID]) -> None:
        """What the consumer handled behind its committed position: per partition a first part."""
        until, taken = dict((await self._replay.edges()).end), 0
        while records := await self._replay.read(self._at, until, BATCH):
            self._advance(records)
            if (taken := taken + len(records)) > TAIL:
                raise RebuildError(LOST)
            events = self._filling.read(records)
            rows = await work.all(
                _KNOWN, consumer=self._live.consumer, ids=[event.event_id for event in events]
            )
            known = {row["event_id"] for row in rows}
            kept: list[Incoming] = []
            for event in events:
                place = TopicPartition(event.record.topic, event.record.partition)
                if event.event_id not in known:
                    until[place] = 0
                elif until[place]:
                    kept.append(event)
            await self._filling.apply(work, self._without(kept, held))

    async def _held(self, work: UnitOfWork | None = None) -> set[UUID]:
        """The events that the consumer parked and did not handle since."""
        if work is None:
            async with self._database.read(Sight.ALL) as rows:
                found = await rows.all(_NOT_APPLIED, consumer=self._live.consumer)
        else:
            found = await work.all(_NOT_APPLIED, consumer=self._live.consumer)
        return {row["event_id"] for row in found}

    def _without(self, events: Sequence[Incoming], held: set[UUID]) -> list[Incoming]:
        if not held:
            return list(events)
        self._kept_back += [event for event in events if event.event_id in held]
        return [event for event in events if event.event_id not in held]

    async def _release(
        self, fill: Callable[[Sequence[Incoming]], Awaitable[Any]], held: set[UUID]
    ) -> None:
        """Handle what was parked when we met it and is handled since; its key waited for it."""
        if ready := [event for event in self._kept_back if event.event_id not in held]:
            self._kept_back = [event for event in self._kept_back if event.event_id in held]
            await fill(ready)

    def _advance(self, records: Sequence[Record]) -> None:
        last = {(record.topic, record.partition): record.offset for record in records}
        for place, offset in last.items():
            self._at[TopicPartition(*place)] = offset + 1

    def _tell(self, step: str) -> None:
        self._report(Progress(step, self.done, max(self._total, self.done)))


def _between(at: Positions, until: Positions) -> int:
    return sum(max(end - at.get(place, 0), 0) for place, end in until.items())


def _require_whole(edges: LogOffsets) -> None:
    if gone := edges.shortened:
        listed = ", ".join(f"{place.topic}/{place.partition}" for place in gone[:3])
        raise RebuildError(
            f"Het logboek begint niet meer bij het begin ({listed}): wat eerder was, zou na een "
            "herbouw ontbreken. De tabellen blijven zoals ze zijn. Zet eerst het logboek terug "
            "vanaf zijn begin (retention.ms=-1, of een back-up van vth_events)."
        )
