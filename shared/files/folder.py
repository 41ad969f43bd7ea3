"""A storage in a folder: two levels of subfolders, files that appear whole."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar
from uuid import uuid4

from shared.files.storage import BLOCK, MissingError, StorageError, StoredObject

T = TypeVar("T")

_DRAFT: Final = "deel"
_KEY: Final = re.compile(rf"[0-9a-z]{{4}}[0-9a-z-]{{1,80}}(\.[0-9a-f]{{32}}\.{_DRAFT})?")


class FolderStorage:
    """Objects of one service below a folder that it owns."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, key: str, content: AsyncIterable[bytes]) -> None:
        """Write beside its place, then move there: it is on disk before it has its name."""
        target = self._path(key)
        draft = target.with_name(f"{target.name}.{uuid4().hex}.{_DRAFT}")
        file = await _call(_create, draft, self._folder)
        try:
            async for block in content:
                await _call(file.write, block)
            await _call(_finish, file, draft, target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        finally:
            # By now it is on disk, or an error says that it is not.
            with suppress(OSError):
                file.close()

    async def stream(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        """The object, or a part of it, in blocks."""
        try:
            file = await asyncio.to_thread(self._path(key).open, "rb")
        except FileNotFoundError as error:
            raise MissingError(key) from error
        except OSError as error:
            raise _failed(error) from error
        try:
            await _call(file.seek, start)
            left = length
            while left is None or left > 0:
                block = await _call(file.read, BLOCK if left is None else min(left, BLOCK))
                if not block:
                    break
                left = None if left is None else left - len(block)
                yield block
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """Remove the object; none is fine too."""
        await _call(partial(self._path(key).unlink, missing_ok=True))

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """The objects below a prefix; also what a broken-off upload left, under its own name."""
        for each in await _call(lambda: list(self._found(prefix))):
            yield each

    def _found(self, prefix: str) -> Iterator[StoredObject]:
        first, second = prefix[:2], prefix[2:4]
        pattern = f"{first:?<2}/{second:?<2}/{prefix}*"
        for path in self._folder.glob(pattern):
            about = path.stat()
            modified = datetime.fromtimestamp(about.st_mtime, UTC)
            yield StoredObject(path.name, about.st_size, modified)

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self._folder / key[:2] / key[2:4] / key


async def _call(function: Callable[..., T], *arguments: Any) -> T:
    """One call in a thread. Raises StorageError."""
    try:
        return await asyncio.to_thread(function, *arguments)
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> StorageError:
    return StorageError(f"the folder of files cannot be used: {error}")


def _create(draft: Path, root: Path) -> BinaryIO:
    made = [each for each in (draft.parent, draft.parent.parent, root) if not each.exists()]
    draft.parent.mkdir(parents=True, exist_ok=True)
    for folder in made:
        _sync(folder.parent)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    return os.fdopen(descriptor, "wb")


def _finish(file: BinaryIO, draft: Path, target: Path) -> None:
    file.flush()
    os.fsync(file.fileno())
    draft.replace(target)
    _sync(target.parent)


def _sync(folder: Path) -> None:
    """A new name is only safe once its folder is on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
