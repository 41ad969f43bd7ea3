"""What a service uses of this package, put together from the settings."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag

from shared import crypto
from shared.clock import Clock, SystemClock
from shared.errors import Conflict, Gone
from shared.files.folder import FolderStorage
from shared.files.receiving import Receiver, read_range
from shared.files.s3 import S3Storage, s3_client
from shared.files.scanning import ClamdScanner, NoScanner, Scanner
from shared.files.states import FileState, OwnerKey, StoredFile, thumbnail_key
from shared.files.storage import Storage
from shared.settings import ServiceName, Settings

_INFECTED: Final = "In dit bestand is schadelijke software gevonden; het wordt niet getoond."
_WAITING: Final = "Dit bestand is nog niet gescand op schadelijke software; probeer het later."


class Files(Receiver):
    """Receives files and opens those that may be shown."""

    def __init__(
        self,
        storage: Storage,
        scanner: Scanner,
        *,
        show_unscanned: bool = False,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(storage, scanner, clock or SystemClock())
        self.storage = storage
        self.scanner = scanner
        self._show_unscanned = show_unscanned

    def shows(self, file: StoredFile) -> bool:
        """Whether the file may be shown to anybody at all."""
        waiting = file.state == FileState.RECEIVED
        return file.state == FileState.READY or (waiting and self._show_unscanned)

    def require_shown(self, file: StoredFile) -> None:
        """Raises Conflict for what is infected or not scanned."""
        if not self.shows(file):
            infected = file.state == FileState.INFECTED
            raise Conflict(_INFECTED if infected else _WAITING)

    def open(
        self, file: StoredFile, key: OwnerKey | None, *, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        """The bytes, or a range. Raises Conflict, Gone (the key was destroyed), StorageError."""
        self.require_shown(file)
        require_key(file, key)
        length = file.size - start if length is None else length
        return read_range(
            self.storage, file.storage_key, file.size, key, start=start, length=length
        )

    def open_thumbnail(self, file: StoredFile, key: OwnerKey | None) -> AsyncGenerator[bytes]:
        """The thumbnail of an image. Raises as `open`; ValueError for what has none."""
        self.require_shown(file)
        require_key(file, key)
        if file.thumbnail_size is None:
            raise ValueError(f"file {file.id} has no thumbnail")
        name, size = thumbnail_key(file.storage_key), file.thumbnail_size
        return read_range(self.storage, name, size, key, start=0, length=size)


def require_key(file: StoredFile, key: OwnerKey | None) -> None:
    """Raises Gone where the key of a personal file is no more."""
    if file.key_id is not None and key is None:
        raise Gone("Dit bestand wordt niet meer bewaard.")
    if (key.id if key else None) != file.key_id:
        raise ValueError(f"file {file.id} is of another key")


def name_of(file: StoredFile, key: OwnerKey | None) -> str:
    """The name for the screen and for saving. Raises Gone."""
    require_key(file, key)
    if file.sealed_name is None or key is None:
        return file.name or ""
    try:
        return crypto.decrypt(key.key, file.sealed_name).decode()
    except InvalidTag as error:
        raise ValueError(f"the name of file {file.id} is not of this key") from error


def files_of(service: ServiceName, settings: Settings) -> Files:
    """The files of one service as the settings say."""
    return Files(
        storage_of(service, settings),
        scanner_of(settings),
        show_unscanned=settings.files_show_unscanned,
    )


def storage_of(service: ServiceName, settings: Settings) -> Storage:
    """A folder or a bucket; each service has its own part of it."""
    if settings.files_storage == "folder":
        return FolderStorage(Path(settings.files_dir) / service)
    client = s3_client(
        endpoint=settings.files_s3_endpoint,
        region=settings.files_s3_region,
        key=settings.files_s3_key,
        secret=settings.files_s3_secret.get_secret_value(),
    )
    return S3Storage(client, settings.files_s3_bucket, f"{service}/")


def scanner_of(settings: Settings) -> Scanner:
    """A clamd, or none."""
    if settings.files_scanner == "none":
        return NoScanner()
    host, _, port = settings.files_clamd.rpartition(":")
    return ClamdScanner(host, int(port))
