"""Events into the new tables, by the handlers that fill the old ones, and nothing into others."""

import asyncio
from collections.abc import Sequence
from typing import Final

import asyncpg
from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.failures import must_wait
from shared.messaging.handlers import Registry
from shared.messaging.received import Incoming, read, runs, take_effect
from shared.messaging.transport import Record
from shared.rebuild.projection import Projection
from shared.rebuild.shadow import SCHEMA

_FRESH = text("""
WITH fresh AS (
    INSERT INTO handled (event_id) SELECT unnest(CAST(:ids AS uuid[]))
    ON CONFLICT DO NOTHING RETURNING event_id
)
SELECT CASE WHEN count(*) < cardinality(CAST(:ids AS uuid[]))
            THEN coalesce(array_agg(event_id), CAST('{}' AS uuid[])) END
FROM fresh
""")
# What this session wrote elsewhere, except the note in its job that it swapped.
_ELSEWHERE = text("""
SELECT relname FROM pg_stat_xact_user_tables
WHERE schemaname <> :schema AND n_tup_ins + n_tup_upd + n_tup_del > 0
  AND (relname <> 'job' OR n_tup_ins + n_tup_del > 0)
ORDER BY relname
""")
FULL: Final = "De schijf van de database is vol. Maak ruimte en begin opnieuw."
_EVENT: Final = "Gebeurtenis {id} ({type}) is niet te verwerken: {error}"


class RebuildError(Exception):
    """The rebuild cannot go on; the text (Dutch) says why. The old tables are as they were."""


class NotPureError(RebuildError):
    """A handler that was declared pure wrote into other tables."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(f"De verwerking schreef ook in: {', '.join(tables)}. Niets is gewijzigd.")


class Filling:
    """Fills the tables of one projection."""

    def __init__(self, database: Database, projection: Projection) -> None:
        self._database = database
        self._registry = Registry(projection.handlers)

    def read(self, records: Sequence[Record]) -> list[Incoming]:
        """The events of interest in these records."""
        return read(records, self._registry)

    async def fill(self, events: Sequence[Incoming]) -> None:
        """Handle a batch, each half of the partitions in a transaction of its own.

        While PostgreSQL is at one half we make the rows of the other. The events of a key are in
        one partition, so their order stays; what other keys do meanwhile is as with two workers.
        Raises RebuildError, naming the event.
        """
        halves = [[each for each in events if each.record.partition % 2 == n] for n in (0, 1)]
        done = await asyncio.gather(
            *(self._fill(half) for half in halves if half), return_exceptions=True
        )
        for error in done:
            if error is not None:
                raise error

    async def _fill(self, events: Sequence[Incoming]) -> None:
        try:
            async with self._database.work(sight=Sight.ALL) as work:
                await work.take_time()
                await self.apply(work, events)
        except asyncpg.DiskFullError as full:
            raise RebuildError(FULL) from full
        except Exception as error:
            if must_wait(error) or isinstance(error, RebuildError):
                raise
            if len(events) == 1:
                raise _failed(events[0], repr(error)) from error
            middle = len(events) // 2
            await self._fill(events[:middle])
            await self._fill(events[middle:])

    async def apply(self, work: UnitOfWork, events: Sequence[Incoming]) -> None:
        """Handle those that were not handled before. Raises RebuildError."""
        for event in events:
            if event.failure is not None:
                raise _failed(event, event.failure.error)
        fresh = await work.value(_FRESH, ids=[event.event_id for event in events])
        # Nothing comes back as long as all of them are fresh, which is nearly always.
        await take_effect(runs(events if fresh is None else _once(events, set(fresh))), work)
        if elsewhere := await work.all(_ELSEWHERE, schema=SCHEMA):
            raise NotPureError([row["relname"] for row in elsewhere])


def _once(events: Sequence[Incoming], fresh: set[object]) -> list[Incoming]:
    """The first of each event that is fresh."""
    found: list[Incoming] = []
    for event in events:
        if event.event_id in fresh:
            fresh.remove(event.event_id)
            found.append(event)
    return found


def _failed(event: Incoming, error: str) -> RebuildError:
    return RebuildError(_EVENT.format(id=event.event_id, type=event.type or "?", error=error))
