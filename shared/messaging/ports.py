"""What the consumer needs from outside: a transaction for each batch."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

from shared.db.unit_of_work import UnitOfWork

# Commits at the end of the block, rolls back on an exception: `Database.work` is one.
OpenWork: TypeAlias = Callable[[], AbstractAsyncContextManager[UnitOfWork]]
