"""What the worker does for files: scans those that waited, and removes objects without a row."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.files.receiving import read_whole
from shared.files.scanning import ScannerError
from shared.files.service import Files
from shared.files.states import OwnerKey, StoredFile
from shared.files.storage import StorageError
from shared.files.store import FileStore
from shared.schedules import Schedule

log = structlog.get_logger(__name__)

# Gives the key with this id, or None when it was destroyed.
FindKey = Callable[[Rows, UUID], Awaitable[OwnerKey | None]]

AT_ONCE: Final = 50
# Storage keys are hexadecimal: 256 parts, of which each hour takes its own.
_PARTS: Final = tuple(f"{number:02x}" for number in range(256))
_BATCH: Final = 500


async def scan_waiting(
    database: Database, files: Files, store: FileStore, find_key: FindKey
) -> int:
    """Scan what no scanner looked at; how many it could say something of.

    No transaction is open while the scanner works; two processes at the same file say the same.
    """
    async with database.read(Sight.ALL) as rows:
        waiting = [
            (file, await find_key(rows, file.key_id) if file.key_id else None)
            for file in await store.waiting(rows, AT_ONCE)
        ]
    done = 0
    for file, key in waiting:
        if file.key_id is not None and key is None:
            continue  # erased: nobody can read it, so nobody can scan it
        infected = await _is_infected(files, file, key)
        if infected is None:
            continue
        async with database.work("systeem", Sight.ALL) as work:
            store.note_scan(work, file, infected=infected)
        done += 1
    return done


async def _is_infected(files: Files, file: StoredFile, key: OwnerKey | None) -> bool | None:
    """What the scanner says, or None when it says nothing."""
    try:
        content = read_whole(files.storage, file.storage_key, file.size, key)
        async with aclosing(content):
            scan = await files.scanner.scan(content)
    except (ScannerError, StorageError) as error:
        log.warning("a file still waits for the scanner", file=str(file.id), error=str(error))
        return None
    if scan.found:
        log.warning("a stored file is infected", file=str(file.id), found=scan.found)
    return bool(scan.found) if scan.looked else None


def sweeping(files: Files, store: FileStore, *, hours: int) -> Schedule:
    """Remove orphans: each hour a part of the storage, the whole of it in a day."""

    async def run(work: UnitOfWork) -> None:
        before = work.now - timedelta(hours=hours)
        for part in _PARTS[work.now.hour :: 24]:
            await sweep(files, store, work, part, before)

    return Schedule(timedelta(hours=1), run)


async def sweep(files: Files, store: FileStore, rows: Rows, part: str, before: datetime) -> int:
    """Remove the objects of a part that are older and have no row; how many."""
    old = [each.key async for each in files.storage.list(part) if each.modified < before]
    swept = 0
    for start in range(0, len(old), _BATCH):
        batch = old[start : start + _BATCH]
        known = await store.known(rows, {_file_of(key) for key in batch})
        for key in batch:
            if _file_of(key) not in known or "." in key:
                await files.storage.delete(key)
                swept += 1
    if swept:
        log.info("objects without a row were removed", part=part, objects=swept)
    return swept


def _file_of(key: str) -> str:
    """The storage key of the file that an object belongs to: a thumbnail, or itself."""
    return key.split(".", maxsplit=1)[0].removesuffix("-klein")
