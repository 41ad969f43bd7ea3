"""What is known of a file, and the records that pass between storage, table and API."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class FileState(StrEnum):
    """Where a file stands. What is accepted is clean of metadata in every state."""

    RECEIVED = "ontvangen"  # not scanned for malware yet
    INFECTED = "besmet"
    READY = "gereed"


@dataclass(frozen=True, slots=True)
class OwnerKey:
    """The key of whom the file is about; destroying it makes the file unreadable for ever."""

    id: UUID
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Owner:
    """To what a file belongs, such as a complaint; who may see that, may see the file."""

    kind: str
    id: UUID
    participant: str | None


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """What lies in the storage; it becomes real with its row."""

    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    state: FileState
    storage_key: str
    thumbnail_size: int | None
    key: OwnerKey | None
    scanned_at: datetime | None

    @property
    def objects(self) -> tuple[str, ...]:
        """The keys of its objects."""
        if self.thumbnail_size is None:
            return (self.storage_key,)
        return self.storage_key, thumbnail_key(self.storage_key)


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The row of a file, as far as its bytes and their sender are concerned."""

    id: UUID
    owner_kind: str
    owner_id: UUID
    participant: str | None
    kind: str
    name: str | None
    sealed_name: bytes | None = field(repr=False)
    media_type: str
    size: int
    sha256: str
    state: FileState
    storage_key: str
    thumbnail_size: int | None
    key_id: UUID | None
    created_at: datetime
    scanned_at: datetime | None


def thumbnail_key(storage_key: str) -> str:
    """Where the thumbnail of an image lies."""
    return f"{storage_key}-klein"
