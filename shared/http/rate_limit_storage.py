"""Counts of `limits` in PostgreSQL, for all processes of a service together.

One row per key, in an unlogged table: after a crash of the server counting begins anew.
"""

from typing import Final

import asyncpg
from limits.aio.storage import SlidingWindowCounterSupport, Storage
from sqlalchemy import Column, DateTime, Float, Index, Integer, MetaData, Table, Text, text

from shared.db.unit_of_work import UnitOfWork

_CLOCK: Final = "extract(epoch FROM now() - r.began)"
# What is kept of the row once its window is over: the window before this one still weighs.
_BEGAN: Final = f"""CASE floor({_CLOCK} / $2) WHEN 0 THEN r.began
    WHEN 1 THEN r.began + make_interval(secs => $2) ELSE now() END"""
_PREVIOUS: Final = f"""CASE floor({_CLOCK} / $2) WHEN 0 THEN r.previous
    WHEN 1 THEN r.counted ELSE 0 END"""
_COUNTED: Final = f"CASE floor({_CLOCK} / $2) WHEN 0 THEN r.counted ELSE 0 END"
_ELAPSED: Final = f"(CASE WHEN {_CLOCK} < 2 * $2 THEN mod({_CLOCK}, $2) ELSE 0 END)"
_WEIGHT: Final = f"floor(({_PREVIOUS}) * (1 - {_ELAPSED} / $2)) + {_COUNTED}"

_ACQUIRE: Final = f"""
INSERT INTO rate_limit AS r (key, began, seconds, previous, counted)
VALUES ($1, now(), $2::numeric, 0, $3)
ON CONFLICT (key) DO UPDATE
SET began = {_BEGAN}, seconds = $2, previous = {_PREVIOUS}, counted = {_COUNTED} + $3
WHERE {_WEIGHT} + $3 <= $4
RETURNING counted
"""  # noqa: S608 - made of constants
_WINDOW: Final = f"""
SELECT {_PREVIOUS} AS previous, $2 - {_ELAPSED} AS ends, {_COUNTED} AS counted
FROM rate_limit AS r WHERE key = $1 AND {_CLOCK} < 2 * $2::numeric
"""  # noqa: S608 - made of constants
_FIXED: Final = f"""
INSERT INTO rate_limit AS r (key, began, seconds, previous, counted)
VALUES ($1, now(), $2::numeric, 0, $3)
ON CONFLICT (key) DO UPDATE
SET began = CASE WHEN {_CLOCK} < $2 THEN r.began ELSE now() END, seconds = $2, previous = 0,
    counted = CASE WHEN {_CLOCK} < $2 THEN r.counted ELSE 0 END + $3
RETURNING counted
"""  # noqa: S608 - made of constants
_IS_OVER: Final = "began + make_interval(secs => seconds) <= now()"
_GET: Final = f"SELECT counted FROM rate_limit WHERE key = $1 AND NOT {_IS_OVER}"  # noqa: S608
_EXPIRY: Final = """
SELECT extract(epoch FROM began + make_interval(secs => seconds)) FROM rate_limit WHERE key = $1
"""
_CLEAR: Final = "DELETE FROM rate_limit WHERE key = $1"
_RESET: Final = "WITH gone AS (DELETE FROM rate_limit RETURNING 1) SELECT count(*) FROM gone"
_FORGET: Final = text(
    "DELETE FROM rate_limit WHERE began + make_interval(secs => 2 * seconds) <= :now RETURNING 1"
)


def rate_limit_table(metadata: MetaData) -> Table:
    """The counts of one service; a key is a limit and the pseudonym of whom it counts."""
    table = Table(
        "rate_limit",
        metadata,
        Column("key", Text, primary_key=True),
        Column("began", DateTime(timezone=True), nullable=False),
        Column("seconds", Float(53), nullable=False),
        Column("previous", Integer, nullable=False),
        Column("counted", Integer, nullable=False),
        prefixes=["UNLOGGED"],
    )
    Index("rate_limit_began", table.c.began)
    return table


class PostgresCounts(Storage, SlidingWindowCounterSupport):
    """A storage of `limits`: every question is one statement, and so one round trip."""

    # It is made with a pool, and not by an address.
    STORAGE_SCHEME: list[str] | None = None

    def __init__(self, pool: asyncpg.Pool) -> None:
        super().__init__()
        self._pool = pool

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        return (asyncpg.PostgresError,)

    async def acquire_sliding_window_entry(
        self, key: str, limit: int, expiry: int, amount: int = 1
    ) -> bool:
        """Count, if the window and its weighed predecessor have room for it."""
        if amount > limit:
            return False
        counted = await self._pool.fetchval(_ACQUIRE, key, expiry, amount, limit)
        return counted is not None

    async def get_sliding_window(self, key: str, expiry: int) -> tuple[int, float, int, float]:
        """Count and seconds left of the window before and of this one."""
        row = await self._pool.fetchrow(_WINDOW, key, expiry)
        if row is None:
            return 0, 0.0, 0, 0.0
        ends = float(row["ends"])
        return row["previous"], ends if row["previous"] else 0.0, row["counted"], ends

    async def clear_sliding_window(self, key: str, expiry: int) -> None:
        await self.clear(key)

    async def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count in a fixed window; gives the count."""
        return int(await self._pool.fetchval(_FIXED, key, expiry, amount))

    async def get(self, key: str) -> int:
        return int(await self._pool.fetchval(_GET, key) or 0)

    async def get_expiry(self, key: str) -> float:
        """When the window is over, in seconds since 1970."""
        return float(await self._pool.fetchval(_EXPIRY, key) or 0)

    async def check(self) -> bool:
        return bool(await self._pool.fetchval("SELECT true"))

    async def reset(self) -> int:
        return int(await self._pool.fetchval(_RESET))

    async def clear(self, key: str) -> None:
        await self._pool.execute(_CLEAR, key)


async def forget(work: UnitOfWork) -> None:
    """Remove the counts that weigh nothing any more."""
    await work.all(_FORGET, now=work.now)
