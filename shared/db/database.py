"""PostgreSQL: typed statements of SQLAlchemy, run on an asyncpg pool (docs/adr, storage).

Reads and writes get different types: a `Reader` runs on connections that cannot write.
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson

from shared.auth.sight import Sight
from shared.clock import Clock, SystemClock
from shared.db.connections import can_end_transactions
from shared.db.group_commit import GroupCommit
from shared.db.rows import Row, Rows
from shared.db.sessions import LOCK_SECONDS, Session, login_of
from shared.db.slow import SlowStatements
from shared.db.statements import Compiled
from shared.db.unit_of_work import Publisher, UnitOfWork

# A process that hangs in a transaction, or whose machine is gone, holds its rows no longer than
# this: in that time nobody else gives up waiting for them and parks an event.
HUNG_AFTER = "30s"
# Half-way a question it is not idle: the driver prepares a statement in two steps. So no
# transaction lasts longer than this, where the server can see to it.
LONGEST = "60s"


def dump_json(value: Any) -> str:
    """JSON as stored: the types that PostgreSQL casts back from text are written as text."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


async def _prepare(connection: asyncpg.Connection) -> None:
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=dump_json, decoder=orjson.loads
        )
    if can_end_transactions(connection):
        await connection.execute(f"SET transaction_timeout = '{LONGEST}'")


async def _keep(_: asyncpg.Connection) -> None:
    """No state is left on a connection, so the reset of the pool would be a wasted round trip."""


async def open_pool(
    url: str, *, application: str, size: int = 8, read_only: bool = False
) -> asyncpg.Pool:
    """A pool with our codecs. Connections are made when needed."""
    return await asyncpg.create_pool(
        url,
        min_size=0,
        max_size=size,
        connection_class=Session,
        init=_prepare,
        reset=_keep,
        command_timeout=60,
        statement_cache_size=512,
        server_settings={
            "application_name": application,
            "default_transaction_read_only": "on" if read_only else "off",
            "lock_timeout": f"{LOCK_SECONDS:g}s",
            "idle_in_transaction_session_timeout": HUNG_AFTER,
        },
    )


class Reader(Rows):
    """Runs statements; each read sees what was committed before it."""

    def __init__(self, connection: asyncpg.Connection, slow: SlowStatements) -> None:
        self._connection = connection
        self._slow = slow

    async def fetch(self, statement: Compiled, params: Mapping[str, Any]) -> list[Row]:
        arguments = statement.arguments(params)
        if statement.planned_anew:
            answer = self._planned_anew(statement.sql, arguments)
        else:
            answer = self._connection.fetch(statement.sql, *arguments)
        return await self._slow.watch("read", statement.sql, answer)

    async def _planned_anew(self, sql: str, arguments: Sequence[Any]) -> list[Row]:
        """Prepared for this time alone: PostgreSQL keeps no plan of it for other values."""
        prepared = await self._connection.prepare(sql)
        rows: list[Row] = await prepared.fetch(*arguments)
        return rows


class Database:
    """The database of one service: readers, and units of work, for what a caller may see.

    `pool` is for the platform itself: its sessions begin in the role that sees everybody's rows.
    """

    def __init__(
        self,
        writing: asyncpg.Pool,
        reading: asyncpg.Pool,
        publisher: Publisher,
        *,
        login: str | None = None,
        slow: SlowStatements | None = None,
    ) -> None:
        self.pool = writing
        self._reading = reading
        self._publisher = publisher
        self._login = login
        self._slow = slow or SlowStatements()
        self._group_commit = GroupCommit(writing, login=login, slow=self._slow)
        self.on_published: Callable[[], None] = _nothing
        self.clock: Clock = SystemClock()

    @classmethod
    async def open(
        cls,
        url: str,
        *,
        publisher: Publisher,
        application: str = "vth",
        size: int = 8,
        slow_ms: int = 250,
    ) -> "Database":
        """Open the pools. Raises OSError or asyncpg errors when the server cannot be reached."""
        writing = await open_pool(url, application=application, size=size)
        reading = await open_pool(url, application=application, size=size, read_only=True)
        slow = SlowStatements(slow_ms)
        return cls(writing, reading, publisher, login=login_of(url), slow=slow)

    async def close(self) -> None:
        """Close both pools, waiting for what runs."""
        await self.pool.close()
        await self._reading.close()

    @asynccontextmanager
    async def read(self, sight: Sight) -> AsyncIterator[Reader]:
        """A reader on its own connection, for what the caller may see."""
        async with self._reading.acquire() as connection:
            await connection.see(self._login, sight)
            yield Reader(connection, self._slow)

    def work(self, actor: str = "systeem", *, sight: Sight) -> UnitOfWork:
        """A unit of work: committed at the end of the block, rolled back by an exception."""
        return UnitOfWork(
            self.pool,
            self._publisher,
            actor=actor,
            sight=sight,
            login=self._login,
            clock=self.clock,
            slow=self._slow,
            group_commit=self._group_commit,
            on_published=self.on_published,
        )


def _nothing() -> None:
    """Nobody listens for published events in this process."""
