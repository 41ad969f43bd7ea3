"""The recurring jobs of a service that keeps files: scan what waited, and remove orphans."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from shared.auth.sight import Sight
from shared.db.rows import Rows
from shared.files.receiving import read_whole
from shared.files.scanning import ScannerAwayError, ScannerError
from shared.files.service import Files, files_of
from shared.files.states import OwnerKey, StoredFile
from shared.files.storage import StorageError
from shared.files.store import FileStore
from shared.jobs.errors import RetryError
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.settings import ServiceName

log = structlog.get_logger(__name__)

# Gives the key with this id, or None when it was destroyed; it is given the kit of the service.
FindKey = Callable[[Any, Rows, UUID], Awaitable[OwnerKey | None]]

AT_ONCE: Final = 50
# Storage keys are hexadecimal: 256 parts, of which each hour takes its own.
_PARTS: Final = tuple(f"{number:02x}" for number in range(256))
_BATCH: Final = 500
SCAN_EVERY: Final = timedelta(minutes=1)
SWEEP_EVERY: Final = timedelta(hours=1)
_AWAY: Final = "De scanner is niet bereikbaar."


def upkeep(service: ServiceName, store: FileStore, find_key: FindKey) -> tuple[JobKind, ...]:
    """What a service that keeps files has among its jobs."""

    async def scan(job: Job) -> str | None:
        if job.settings.files_scanner == "none":
            return None
        return await scan_waiting(job, files_of(service, job.settings), store, find_key)

    async def tidy(job: Job) -> str | None:
        files, hours = files_of(service, job.settings), job.settings.files_orphan_hours
        return await sweep_orphans(job, files, store, hours)

    return (
        JobKind("bestanden-scannen", "Wachtende bestanden scannen", scan, every=SCAN_EVERY),
        JobKind("bestanden-opruimen", "Losse bestanden opruimen", tidy, every=SWEEP_EVERY),
    )


async def scan_waiting(job: Job, files: Files, store: FileStore, find_key: FindKey) -> str | None:
    """Scan what no scanner looked at, once each; what the scanner had something to say of.

    No transaction is open while the scanner works. Raises RetryError while it is away.
    """
    done, last = 0, None
    while True:
        async with job.database.read(Sight.ALL) as rows:
            waiting = [
                (file, await find_key(job.kit, rows, file.key_id) if file.key_id else None)
                for file in await store.waiting(rows, AT_ONCE, after=last)
            ]
        for file, key in waiting:
            last = file
            if file.key_id is not None and key is None:
                continue  # erased: nobody can read it, so nobody can scan it
            infected = await _is_infected(files, file, key)
            if infected is None:
                job.check()
                continue
            async with job.step() as work:
                store.note_scan(work, file, infected=infected)
            done += 1
        if len(waiting) < AT_ONCE:
            return f"{done} gescand" if done else None


async def _is_infected(files: Files, file: StoredFile, key: OwnerKey | None) -> bool | None:
    """What the scanner says, or None when it says nothing. Raises RetryError."""
    try:
        content = read_whole(files.storage, file.storage_key, file.size, key)
        async with aclosing(content):
            scan = await files.scanner.scan(content)
    except ScannerAwayError as error:
        raise RetryError(_AWAY) from error
    except (ScannerError, StorageError) as error:
        log.warning("a file still waits for the scanner", file=str(file.id), error=str(error))
        return None
    if scan.found:
        log.warning("a stored file is infected", file=str(file.id), found=scan.found)
    return bool(scan.found) if scan.looked else None


async def sweep_orphans(job: Job, files: Files, store: FileStore, hours: int) -> str | None:
    """Remove orphans: each hour a part of the storage, the whole of it in a day."""
    swept = 0
    now = job.database.clock.now()
    for part in _PARTS[now.hour :: 24]:
        job.check()
        async with job.database.read(Sight.ALL) as rows:
            swept += await sweep(files, store, rows, part, now - timedelta(hours=hours))
    return f"{swept} opgeruimd" if swept else None


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
