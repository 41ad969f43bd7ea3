"""Readable numbers (K-2026-000123) from database sequences, taken in blocks.

A sequence with `INCREMENT BY BLOCK` gives the first number of a block that belongs to this process;
accepting stays one round trip. A restart loses the rest of a block: numbers are unique, not dense.
"""

import asyncio
from collections.abc import Iterator

from sqlalchemy import Integer as SqlInteger
from sqlalchemy import Sequence, bindparam, func, select

from shared.db.unit_of_work import UnitOfWork

BLOCK = 50


class Numbers:
    """Gives the numbers of one kind of thing; may live as long as the process."""

    def __init__(self, prefix: str, sequence: Sequence) -> None:
        self._prefix = prefix
        self._take = select(sequence.next_value())
        blocks = func.generate_series(1, bindparam("blocks", type_=SqlInteger))
        self._take_many = select(sequence.next_value()).select_from(blocks.alias("block"))
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
                    start = await work.value(self._take)
                    self._source = work._pool  # noqa: SLF001 - tells databases apart
                    self._left = iter(range(start + 1, start + BLOCK))
                    number = start
        return self._written(year, number)

    def _from_block(self, work: UnitOfWork) -> int | None:
        ours = self._source is work._pool  # noqa: SLF001 - tells databases apart
        return next(self._left, None) if ours else None

    async def many(self, work: UnitOfWork, years: list[int]) -> list[str]:
        """A number for each year in the list, in one round trip: for imports."""
        blocks = -(-len(years) // BLOCK)
        rows = await work.all(self._take_many, blocks=blocks)
        starts = (next(iter(row.values())) for row in rows)
        numbers = (number for start in starts for number in range(start, start + BLOCK))
        return [self._written(year, number) for year, number in zip(years, numbers, strict=False)]

    def _written(self, year: int, number: int) -> str:
        return f"{self._prefix}-{year}-{number:06d}"
