"""How many statements a piece of work sends to PostgreSQL: its speed without a clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import asyncpg


@dataclass(slots=True)
class Statements:
    """The number of statements so far."""

    count: int = 0


@contextmanager
def counted() -> Iterator[Statements]:
    """Count what this process sends within the block."""
    found = Statements()

    def counting(method: Any) -> Any:
        async def counted_method(connection: Any, *args: Any, **kwargs: Any) -> Any:
            found.count += 1
            return await method(connection, *args, **kwargs)

        return counted_method

    connection = asyncpg.Connection
    fetch, execute = counting(connection.fetch), counting(connection.execute)
    with patch.multiple(connection, fetch=fetch, execute=execute):
        yield found
