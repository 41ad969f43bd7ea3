"""A folder and a bucket keep the same promises."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from datetime import UTC, datetime, timedelta
from os import urandom
from pathlib import Path
from typing import cast

import pytest

from shared.files.folder import FolderStorage
from shared.files.s3 import PART, S3Storage, s3_client
from shared.files.storage import MissingError, Storage, StorageError, new_key
from tests.support.files import blocks, whole

Make = Callable[[], Storage]


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "bestanden" / "dienst")
    return bucket(cast("str", request.getfixturevalue("s3_server")))


def bucket(address: str, prefix: str = "dienst/") -> S3Storage:
    client = s3_client(endpoint=address, region="us-east-1", key="k", secret="s")
    name = f"vth-{new_key()}"
    client.create_bucket(Bucket=name)
    return S3Storage(client, name, prefix)


async def keys(storage: Storage, prefix: str = "") -> set[str]:
    return {each.key async for each in storage.list(prefix)}


@pytest.mark.parametrize("size", [0, 1, 300_000, PART, 2 * PART + 3])
async def test_what_is_put_comes_back(storage: Storage, size: int) -> None:
    key, content = new_key(), urandom(size)
    await storage.put(key, blocks(content, 65_536))
    assert await whole(storage.stream(key)) == content
    listed = [each async for each in storage.list(key[:2])]
    assert [(each.key, each.size) for each in listed] == [(key, size)]
    assert abs(listed[0].modified - datetime.now(UTC)) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("start", "length"),
    [
        (0, 10),
        (5, 1),
        (199_990, 10),
        (199_990, 500),
        (200_000, 5),
        (300_000, 5),
        (3, 0),
        (10, None),
    ],
)
async def test_a_range_comes_back(storage: Storage, start: int, length: int | None) -> None:
    key, content = new_key(), urandom(200_000)
    await storage.put(key, blocks(content, 65_536))
    until = None if length is None else start + length
    assert await whole(storage.stream(key, start=start, length=length)) == content[start:until]


async def test_an_upload_that_breaks_off_leaves_nothing(storage: Storage) -> None:
    async def broken(size: int) -> AsyncGenerator[bytes]:
        yield bytes(size)
        raise ConnectionResetError

    for size in (10, PART + 1):
        with pytest.raises(ConnectionResetError):
            await storage.put(new_key(), broken(size))
    assert await keys(storage) == set()


async def test_a_cancelled_upload_leaves_nothing(storage: Storage) -> None:
    begun = asyncio.Event()

    async def endless() -> AsyncGenerator[bytes]:
        yield bytes(PART)
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(storage.put(new_key(), endless()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await keys(storage) == set()


async def test_an_object_is_replaced_whole(storage: Storage) -> None:
    key = new_key()
    await storage.put(key, blocks(b"eerst"))
    await storage.put(key, blocks(b"later"))
    assert await whole(storage.stream(key)) == b"later"


async def test_what_is_deleted_is_gone(storage: Storage) -> None:
    key = new_key()
    await storage.put(key, blocks(b"weg"))
    await storage.delete(key)
    await storage.delete(key)
    with pytest.raises(MissingError):
        await whole(storage.stream(key))
    assert await keys(storage) == set()


async def test_only_the_prefix_is_listed(storage: Storage) -> None:
    for key in ("ab00cc", "ab11cc", "ac00cc"):
        await storage.put(key, blocks(b"x"))
    assert await keys(storage, "ab") == {"ab00cc", "ab11cc"}
    assert await keys(storage, "ab1") == {"ab11cc"}
    assert await keys(storage) == {"ab00cc", "ab11cc", "ac00cc"}


async def test_s3_lists_more_than_a_page_and_no_other_service(s3_server: str) -> None:
    client = s3_client(endpoint=s3_server, region="us-east-1", key="k", secret="s")
    client.create_bucket(Bucket="vth-veel")
    for number in range(1_003):
        client.put_object(Bucket="vth-veel", Key=f"intake/{number:04}ab", Body=b"")
    client.put_object(Bucket="vth-veel", Key="risk/0000ab", Body=b"")
    assert len(await keys(S3Storage(client, "vth-veel", "intake/"))) == 1_003


async def test_an_s3_server_that_is_away_is_named() -> None:
    client = s3_client(endpoint="http://127.0.0.1:9", region="us-east-1", key="k", secret="s")
    with pytest.raises(StorageError, match="cannot be reached"):
        await S3Storage(client, "vth", "").put(new_key(), blocks(b"x"))


async def test_a_bucket_that_is_not_there_is_named(s3_server: str) -> None:
    client = s3_client(endpoint=s3_server, region="us-east-1", key="k", secret="s")
    with pytest.raises(StorageError, match="NoSuchBucket"):
        await S3Storage(client, "vth-nergens", "").put(new_key(), blocks(b"x"))


@pytest.mark.parametrize("key", ["../../etc/passwd", "abcd/../../x", "ABCDEF", "", "abcdef.tmp"])
async def test_a_folder_takes_no_other_keys(tmp_path: Path, key: str) -> None:
    with pytest.raises(ValueError, match="storage key"):
        await FolderStorage(tmp_path).put(key, blocks(b"x"))


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.joinpath("bestand").write_bytes(b"")
    with pytest.raises(StorageError, match="cannot be used"):
        await FolderStorage(tmp_path / "bestand").put(new_key(), blocks(b"x"))


async def test_files_are_for_the_service_alone(tmp_path: Path) -> None:
    await FolderStorage(tmp_path).put("abcdef", blocks(b"x"))
    assert (tmp_path / "ab" / "cd" / "abcdef").stat().st_mode & 0o077 == 0
