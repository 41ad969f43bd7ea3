"""Readable numbers (K-2026-000123) from database sequences, taken in blocks.

A process takes a block of numbers in one question, so that accepting stays one round trip. Numbers
are unique, not dense. A restart loses the rest of a block; a crash of PostgreSQL skips up to 32
more, for a sequence writes ahead in its log how far it went. Hence no INCREMENT BY the size of a
block: that would be 32 blocks.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Integer as SqlInteger
from sqlalchemy import Sequence, bindparam, func, select

from shared.db.unit_of_work import UnitOfWork

BLOCK = 50


class Numbers:
    """Gives the numbers of one kind of thing; may live as long as the process."""

    def __init__(self, prefix: str, sequence: Sequence) -> None:
        self._prefix = prefix
        each = func.generate_series(1, bindparam("count", type_=SqlInteger))
        self._take = select(sequence.next_value()).select_from(each.alias("each"))
        # A block belongs to the database it came from; a process may have more than one open.
        self._source: object = None
        self._left: Iterator[int] = iter(())
        self._lock = asyncio.Lock()

    async def next(self, work: UnitOfWork, year: int) -> str:
        """The next number; one in so many asks the database for a new block."""
        number = self._from_block(work)
        if number is None:
            async with self._lock:
                number = self._from_block(work)
                if number is None:
                    number, *others = await self._taken(work, BLOCK)
                    self._source, self._left = work.database, iter(others)
        return self._written(year, number)

    def _from_block(self, work: UnitOfWork) -> int | None:
        return next(self._left, None) if self._source is work.database else None

    async def many(self, work: UnitOfWork, years: list[int]) -> list[str]:
        """A number for each year in the list, in one round trip: for imports."""
        numbers = await self._taken(work, len(years))
        return [self._written(year, number) for year, number in zip(years, numbers, strict=True)]

    async def _taken(self, work: UnitOfWork, count: int) -> list[int]:
        rows: list[Any] = await work.all(self._take, count=count)
        return [next(iter(row.values())) for row in rows]

    def _written(self, year: int, number: int) -> str:
        return f"{self._prefix}-{year}-{number:06d}"
