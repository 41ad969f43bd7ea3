"""The port to where bytes are kept: objects under a key, whole or not at all."""

from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from typing import Final, Protocol

BLOCK: Final = 64 * 1024


class StorageError(Exception):
    """The storage cannot be reached or refuses; the text says why."""


class MissingError(StorageError):
    """No object under this key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"no object {key} in the storage")


class DamagedError(StorageError):
    """The object is not what was stored: cut off, changed, exchanged or of another key."""

    def __init__(self, key: str) -> None:
        super().__init__(f"object {key} is damaged, or its key is not the right one")


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object as the storage lists it."""

    key: str
    size: int
    modified: datetime


class Storage(Protocol):
    """Keeps objects. Keys are made by `new_key`: letters, digits and a dash alone."""

    async def put(self, key: str, content: AsyncIterable[bytes]) -> None:
        """Store the whole stream, or nothing when it ends in an error. Raises StorageError."""

    def stream(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        """The object from `start`, at most `length` bytes. Raises MissingError, StorageError."""

    async def delete(self, key: str) -> None:
        """Remove the object; none is fine too. Raises StorageError."""

    def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """The objects whose key begins so, in no order. Raises StorageError."""


def new_key() -> str:
    """A key that says nothing and spreads evenly."""
    return token_hex(16)
