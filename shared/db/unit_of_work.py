"""The unit of work: collects writes and events, and commits them as one statement.

A command that only inserts is one round trip. A command that reads first runs in a transaction.
CTEs of one statement see one snapshot: two queued writes that may touch the same row raise
DoubleWriteError; `flush()` between them. A read of a table that is written to flushes by itself.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Any, Final, Self

import asyncpg
from prometheus_client import Counter, Histogram
from sqlalchemy import Table
from sqlalchemy.sql.base import Executable

from shared.auth.sight import Sight
from shared.clock import Clock, local_date
from shared.contracts.base import Event
from shared.db.connections import can_end_transactions, is_open
from shared.db.group_commit import GroupCommit
from shared.db.outbox import Publisher
from shared.db.rows import Row, Rows
from shared.db.sessions import LOCK_SECONDS
from shared.db.slow import SlowStatements
from shared.db.statements import Compiled
from shared.db.write_queue import Queue
from shared.tracing import database_span

__all__ = ["Publisher", "UnitOfWork"]

# A limit that is running is not moved by a new one: it is taken away first.
_TAKE_TIME: Final = """
SET LOCAL transaction_timeout = 0; SET LOCAL transaction_timeout = '10min'
"""

# One turn of the loop for the statement to begin, and one for the bytes to leave.
TURNS_TO_SEND: Final = 2


class UnitOfWork(Rows):
    """One transaction of one use case."""

    def __init__(
        self,
        pool: asyncpg.Pool,
        publisher: Publisher,
        *,
        actor: str,
        sight: Sight,
        clock: Clock,
        login: str | None = None,
        slow: SlowStatements | None = None,
        group_commit: GroupCommit | None = None,
        on_published: Callable[[], None] = lambda: None,
    ) -> None:
        self._pool = pool
        self._publisher = publisher
        self._connection: asyncpg.Connection | None = None
        self._transaction: Any = None
        self._queue = Queue()
        self._sent: asyncio.Task[str] | None = None
        self.actor = actor
        self._sight = sight
        self._login = login
        self._slow = slow or SlowStatements()
        self._group_commit = group_commit
        self.now: datetime = clock.now()
        self._today: date | None = None
        self.published = 0
        self._counted: list[tuple[Callable[[float], None], float]] = []
        self._on_published = on_published

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        try:
            if kind is None:
                await self.commit()
        finally:
            await self.close()
        if kind is None and self.published:
            self._on_published()

    async def take_time(self) -> None:
        """Last up to ten minutes; other work is ended long before that (`database.LONGEST`).

        For what runs alone by nature: who wants the same rows meanwhile gives up.
        """
        connection = await self._begin()
        if can_end_transactions(connection):
            await connection.execute(_TAKE_TIME)

    @property
    def database(self) -> object:
        """What tells this database from another that the process has open."""
        return self._pool

    @property
    def today(self) -> date:
        """The legal day in the Netherlands on which this work is done."""
        if self._today is None:
            self._today = local_date(self.now)
        return self._today

    # Reads: inside the transaction, after what was queued.

    async def fetch(self, statement: Compiled, params: Mapping[str, Any]) -> list[Row]:
        if self._queue and (not statement.selects or self._queue.concerns(statement.sql)):
            await self.flush()
        connection = await self._begin()
        answer = connection.fetch(statement.sql, *statement.arguments(params))
        return await self._slow.watch("read", statement.sql, answer)

    async def execute(self, statement: Executable, **params: Any) -> None:
        """Run a statement now, after what was queued."""
        await self.flush()
        await self.all(statement, **params)

    async def insert_or_lock(
        self, table: Table, rows: Iterable[Mapping[str, Any]], *, keys: tuple[str, ...]
    ) -> list[Row]:
        """Insert these rows; what is there stays, locked. Gives all of them as they are now.

        At least one row, all of one shape, each key once, in the order in which to lock. One round
        trip.
        """
        await self.flush()
        queue = Queue()
        for row in rows:
            queue.insert_or_lock(table, row, keys)
        sql, arguments = queue.take()
        connection = await self._begin()
        return await self._slow.watch("write", sql, connection.fetch(sql, *arguments))

    # Writes: queued until flush or commit.

    def insert(self, table: Table, row: Mapping[str, Any], *, ignore: bool = False) -> None:
        """Queue an insert; `ignore` leaves an existing row as it is."""
        self._queue.insert(table, row, ignore=ignore)

    def insert_all(self, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """Queue many inserts of one shape."""
        for row in rows:
            self._queue.insert(table, row)

    def upsert(self, table: Table, row: Mapping[str, Any], *, keys: tuple[str, ...]) -> None:
        """Queue an insert that replaces the row with the same keys; the last of a flush wins."""
        self._queue.upsert(table, row, keys)

    def update(self, table: Table, *, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Queue an update of the row with this key."""
        self._queue.update(table, key, values)

    def delete(self, table: Table, *, key: Mapping[str, Any]) -> None:
        """Queue a delete of the rows with this key."""
        self._queue.delete(table, key)

    def publish(self, event: Event) -> None:
        """Queue the event into the outbox, in the same commit."""
        self._queue.insert(self._publisher.outbox, self._publisher.row(event, self.now))
        self.published += 1
        if counted := self._publisher.figures.get(type(event)):
            self.count(*counted.of(event))

    def count(self, figure: Counter, amount: float = 1) -> None:
        """Add to a figure, once this work is committed."""
        self._counted.append((figure.inc, amount))

    def measure(self, figure: Histogram, value: float) -> None:
        """Add a measurement to a figure, once this work is committed."""
        self._counted.append((figure.observe, value))

    async def flush(self) -> None:
        """Send what is queued, inside the transaction, and wait until all that was sent is done."""
        if self._queue:
            connection = await self._begin()
            sql, arguments = self._queue.take()
            await self._slow.watch("write", sql, connection.execute(sql, *arguments))
        else:
            await self._answered()

    async def send(self) -> None:
        """Flush without waiting for the answer: the database works while the caller goes on.

        What comes after, commit included, waits for the answer first, and raises its error.
        """
        if not self._queue:
            return
        connection = await self._begin()
        sql, arguments = self._queue.take()
        self._sent = asyncio.create_task(
            self._slow.watch("write", sql, connection.execute(sql, *arguments))
        )
        for _ in range(TURNS_TO_SEND):
            await asyncio.sleep(0)

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """A part that can fail alone: its writes are undone, the work goes on."""
        await self.flush()
        connection = await self._begin()
        published, counted = self.published, len(self._counted)
        try:
            async with connection.transaction():
                yield
                await self.flush()
        except BaseException:
            self._queue.clear()
            self.published = published
            del self._counted[counted:]
            raise

    async def commit(self) -> None:
        """Make everything durable, then count it. Queued writes alone need one round trip."""
        await self._commit()
        for add, amount in self._counted:
            add(amount)
        self._counted.clear()

    async def _commit(self) -> None:
        if self._transaction is None:
            if self._queue:
                await self._commit_queue()
            return
        await self.flush()
        transaction, self._transaction = self._transaction, None
        await transaction.commit()

    async def _commit_queue(self) -> None:
        if self._group_commit is not None and self._queue.only_inserts:
            with database_span("write", "with others"):
                await self._group_commit.commit(self._queue, self._sight)
            self._queue.clear()
            return
        connection = await self._connect()
        sql, arguments = self._queue.take()
        await self._slow.watch("write", sql, connection.execute(sql, *arguments))

    async def close(self) -> None:
        """Roll back what was not committed and give the connection back."""
        sent, self._sent = self._sent, None
        if sent is not None:
            sent.cancel()
        try:
            if sent is not None:
                await asyncio.gather(sent, return_exceptions=True)
            if self._transaction is not None and self._connection is not None:
                transaction, self._transaction = self._transaction, None
                if is_open(self._connection):
                    await transaction.rollback()
        finally:
            if self._connection is not None:
                connection, self._connection = self._connection, None
                await self._pool.release(connection)

    async def _answered(self) -> None:
        """Wait for what was sent. Raises the error of its statement."""
        if self._sent is not None:
            sent, self._sent = self._sent, None
            await sent

    async def _connect(self) -> asyncpg.Connection:
        if self._connection is None:
            self._connection = await self._pool.acquire()
            await self._connection.see(self._login, self._sight)
            await self._connection.wait_for_locks(LOCK_SECONDS)
        return self._connection

    async def _begin(self) -> asyncpg.Connection:
        connection = await self._connect()
        await self._answered()
        if self._transaction is None:
            transaction = connection.transaction()
            try:
                await transaction.start()
            except BaseException:
                # Whether it began is not known, so nobody may get this connection after us.
                connection.terminate()
                raise
            self._transaction = transaction
        return connection
