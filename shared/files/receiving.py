"""Receiving a file: to the storage in pieces, checked on the way, scanned and cleaned."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Final

import structlog

from shared.clock import Clock
from shared.errors import Invalid, invalid
from shared.files import sealing
from shared.files.content import ARCHIVE, HEAD, recognised
from shared.files.inspector import Inspector, UnfitError
from shared.files.kinds import MB, FileKind
from shared.files.metrics import FILES
from shared.files.names import clean_stem, full_name
from shared.files.scanning import Scanner, ScannerError
from shared.files.states import FileState, OwnerKey, ReceivedFile, thumbnail_key
from shared.files.storage import Storage, StorageError, new_key

log = structlog.get_logger(__name__)

_UNFIT: Final = {
    "onleesbaar": "Dit bestand is beschadigd of niet te lezen. Sla het opnieuw op en probeer het.",
    "te-veel-beeldpunten": "Deze afbeelding heeft te veel beeldpunten. Maak haar kleiner.",
    "macros": "Dit document bevat macro's. Sla het op zonder macro's.",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """What a sender offers: the field it came in, the name it was given, and its bytes."""

    field: str
    name: str
    content: AsyncIterable[bytes]


@dataclass(frozen=True, slots=True)
class _Stored:
    """An object in the storage with what was seen of its bytes."""

    storage_key: str
    media_type: str
    size: int
    sha256: str


class Receiver:
    """Takes uploads in."""

    def __init__(self, storage: Storage, scanner: Scanner, clock: Clock) -> None:
        self._storage = storage
        self._scanner = scanner
        self._clock = clock
        self._inspector = Inspector()

    async def receive(
        self, upload: Upload, kind: FileKind, *, key: OwnerKey | None = None
    ) -> ReceivedFile:
        """Store the file; nothing of a refused one stays. Raises Invalid, naming the field."""
        if kind.personal != (key is not None):
            raise ValueError(f"{kind.name}: a personal kind needs the key of its owner, no other")
        stem = clean_stem(upload.name, field=upload.field)
        raw = new_key()
        try:
            first = await self._take_in(upload, kind, raw, key)
            scanned = await self._scan(first, upload.field, key)
            received = await self._prepared(first, upload.field, kind, key)
        except BaseException as error:
            if isinstance(error, Invalid):
                # Nothing of it is committed: the refusal is all there is.
                FILES.of("geweigerd").inc()
            await asyncio.shield(self._forget(raw))
            raise
        stored, thumbnail_size = received
        return ReceivedFile(
            kind=kind.name,
            name=full_name(stem, stored.media_type),
            media_type=stored.media_type,
            size=stored.size,
            sha256=stored.sha256,
            state=FileState.READY if scanned else FileState.RECEIVED,
            storage_key=stored.storage_key,
            thumbnail_size=thumbnail_size,
            key=key,
            scanned_at=self._clock.now() if scanned else None,
        )

    async def discard(self, *received: ReceivedFile) -> None:
        """Remove what will get no row after all."""
        for each in received:
            await self._forget(*each.objects)

    async def _take_in(
        self, upload: Upload, kind: FileKind, name: str, key: OwnerKey | None
    ) -> _Stored:
        watched = _Watched(upload, kind)
        await self._put(name, watched.blocks(), key)
        return _Stored(name, watched.media_type, watched.size, watched.sha256)

    async def _scan(self, stored: _Stored, field: str, key: OwnerKey | None) -> bool:
        """Whether the scanner looked and found nothing. Raises Invalid for what is infected."""
        try:
            async with aclosing(self._read(stored, key)) as content:
                scan = await self._scanner.scan(content)
        except ScannerError as error:
            log.warning("a file waits for the scanner", error=str(error))
            return False
        if scan.found:
            log.warning("an infected file was refused", found=scan.found)
            raise invalid(
                field,
                "besmet",
                f"Dit bestand bevat schadelijke software ({scan.found}) en is niet bewaard.",
            )
        return scan.looked

    async def _prepared(
        self, stored: _Stored, field: str, kind: FileKind, key: OwnerKey | None
    ) -> tuple[_Stored, int | None]:
        """The object to keep, and the size of its thumbnail."""
        try:
            if stored.media_type == ARCHIVE:
                return await self._document(stored, field, kind, key), None
            if stored.media_type.startswith("image/"):
                return await self._image(stored, key)
        except UnfitError as error:
            reason = _UNFIT.get(error.code)
            raise (
                invalid(field, error.code, reason) if reason else refused_type(field, kind)
            ) from error
        return stored, None

    async def _document(
        self, stored: _Stored, field: str, kind: FileKind, key: OwnerKey | None
    ) -> _Stored:
        async with (
            aclosing(self._read(stored, key)) as content,
            self._inspector.inspect("archive", content) as found,
        ):
            if found.media_type not in kind.media_types:
                raise refused_type(field, kind)
            return _Stored(stored.storage_key, found.media_type, stored.size, stored.sha256)

    async def _image(self, stored: _Stored, key: OwnerKey | None) -> tuple[_Stored, int]:
        """The image written anew takes the place of what was sent."""
        name = new_key()
        try:
            async with (
                aclosing(self._read(stored, key)) as content,
                self._inspector.inspect("image", content) as found,
            ):
                size, small = found.sizes
                digest = hashlib.sha256()
                await self._put(name, _hashed(found.body(size), digest), key)
                await self._put(thumbnail_key(name), found.body(small), key)
        except BaseException:
            await asyncio.shield(self._forget(name, thumbnail_key(name)))
            raise
        await self._forget(stored.storage_key)
        return _Stored(name, found.media_type, size, digest.hexdigest()), small

    async def _put(self, name: str, content: AsyncIterable[bytes], key: OwnerKey | None) -> None:
        await self._storage.put(name, sealing.sealed(content, key.key, name) if key else content)

    def _read(self, stored: _Stored, key: OwnerKey | None) -> AsyncGenerator[bytes]:
        return read_whole(self._storage, stored.storage_key, stored.size, key)

    async def _forget(self, *names: str) -> None:
        """What stays behind where the storage fails is an orphan, and swept."""
        for name in names:
            try:
                await self._storage.delete(name)
            except StorageError as error:
                log.warning("an object without a row stays until it is swept", error=str(error))


class _Watched:
    """An upload as it passes: measured, hashed, and refused as soon as it can be."""

    def __init__(self, upload: Upload, kind: FileKind) -> None:
        self._upload = upload
        self._kind = kind
        self._digest = hashlib.sha256()
        self.size = 0
        self.media_type = ""

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    async def blocks(self) -> AsyncIterator[bytes]:
        head = bytearray()
        async for block in self._upload.content:
            self.size += len(block)
            if self.size > self._kind.max_bytes:
                raise too_large(self._upload.field, self._kind)
            self._digest.update(block)
            if self.media_type:
                yield block
                continue
            head += block
            if len(head) >= HEAD:
                self._recognise(head)
                yield bytes(head)
        if not self.media_type:
            self._recognise(head)
            yield bytes(head)

    def _recognise(self, head: bytearray) -> None:
        if not head:
            raise invalid(self._upload.field, "leeg", "Dit bestand is leeg.")
        found = recognised(bytes(head[:HEAD]))
        documents = any(name.startswith("application/") for name in self._kind.media_types)
        if found in self._kind.media_types or (found == ARCHIVE and documents):
            self.media_type = str(found)
        else:
            raise refused_type(self._upload.field, self._kind)


def read_whole(
    storage: Storage, name: str, size: int, key: OwnerKey | None
) -> AsyncGenerator[bytes]:
    """The plain bytes of an object. Raises DamagedError, MissingError."""
    return read_range(storage, name, size, key, start=0, length=size)


def read_range(
    storage: Storage, name: str, size: int, key: OwnerKey | None, *, start: int, length: int
) -> AsyncGenerator[bytes]:
    """A part of them."""
    if key is None:
        return storage.stream(name, start=start, length=length)
    return sealing.opened(storage, name, key.key, size=size, start=start, length=length)


async def _hashed(content: AsyncIterable[bytes], digest: "hashlib._Hash") -> AsyncIterator[bytes]:
    async for block in content:
        digest.update(block)
        yield block


def too_large(field: str, kind: FileKind) -> Invalid:
    """The refusal of a file over the size of its kind."""
    return invalid(
        field, "te-groot", f"Dit bestand is te groot; ten hoogste {kind.max_bytes // MB} MB mag."
    )


def refused_type(field: str, kind: FileKind) -> Invalid:
    """The refusal of a file of another type than its kind accepts."""
    return invalid(field, "type", f"Dit type bestand wordt niet aangenomen; wel: {kind.accepted}.")
