"""A storage in a bucket of S3, or of a server that speaks its protocol.

boto3 blocks, so each call runs in a thread; its clients may be shared by threads.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared.files.storage import BLOCK, MissingError, StorageError, StoredObject

# S3 wants at least 5 MiB for every part but the last.
PART: Final = 5 * 1024 * 1024
_MISSING: Final = frozenset({"NoSuchKey", "404"})
_BEYOND: Final = frozenset({"InvalidRange", "416"})


class S3Storage:
    """Objects of one service, below its own prefix."""

    def __init__(self, client: Any, bucket: str, prefix: str) -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = prefix

    async def put(self, key: str, content: AsyncIterable[bytes]) -> None:
        """In one go when it is small, otherwise in parts that become an object at the end."""
        where = {"Bucket": self._bucket, "Key": self._prefix + key}
        waiting = bytearray()
        parts: _Parts | None = None
        try:
            async for block in content:
                waiting += block
                if len(waiting) >= PART:
                    parts = parts or await _Parts.begin(self._client, where)
                    await parts.add(bytes(waiting))
                    waiting.clear()
            if parts is None:
                await _call(self._client.put_object, **where, Body=bytes(waiting))
                return
            if waiting:
                await parts.add(bytes(waiting))
            await parts.complete()
        except BaseException:
            if parts is not None:
                await asyncio.shield(parts.abort())
            raise

    async def stream(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        """The object, or a part of it, in blocks."""
        if length == 0:
            return
        until = "" if length is None else str(start + length - 1)
        try:
            answer = await _call(
                self._client.get_object,
                Bucket=self._bucket,
                Key=self._prefix + key,
                Range=f"bytes={start}-{until}",
            )
        except _RefusedError as refused:
            if refused.code in _MISSING:
                raise MissingError(key) from refused
            if refused.code in _BEYOND:
                return
            raise
        body = answer["Body"]
        try:
            while block := await _call(body.read, BLOCK):
                yield block
        finally:
            body.close()

    async def delete(self, key: str) -> None:
        """Remove the object; none is fine too."""
        await _call(self._client.delete_object, Bucket=self._bucket, Key=self._prefix + key)

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        """The objects below a prefix, a page of a thousand at a time."""
        following: dict[str, str] = {}
        while True:
            page = await _call(
                self._client.list_objects_v2,
                Bucket=self._bucket,
                Prefix=self._prefix + prefix,
                **following,
            )
            for each in page.get("Contents", ()):
                key = each["Key"].removeprefix(self._prefix)
                yield StoredObject(key, each["Size"], each["LastModified"])
            if not page.get("IsTruncated"):
                return
            following = {"ContinuationToken": page["NextContinuationToken"]}


class _Parts:
    """An upload in parts."""

    def __init__(self, client: Any, where: dict[str, str], upload: str) -> None:
        self._client = client
        self._where = {**where, "UploadId": upload}
        self._done: list[dict[str, Any]] = []

    @classmethod
    async def begin(cls, client: Any, where: dict[str, str]) -> "_Parts":
        answer = await _call(client.create_multipart_upload, **where)
        return cls(client, where, answer["UploadId"])

    async def add(self, body: bytes) -> None:
        number = len(self._done) + 1
        answer = await _call(self._client.upload_part, **self._where, PartNumber=number, Body=body)
        self._done.append({"PartNumber": number, "ETag": answer["ETag"]})

    async def complete(self) -> None:
        parts = {"Parts": self._done}
        await _call(self._client.complete_multipart_upload, **self._where, MultipartUpload=parts)

    async def abort(self) -> None:
        await _call(self._client.abort_multipart_upload, **self._where)


class _RefusedError(StorageError):
    """The server answered, with a refusal."""

    def __init__(self, error: ClientError) -> None:
        super().__init__(f"the storage of files refuses: {error}")
        self.code: str = error.response.get("Error", {}).get("Code", "")


async def _call(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """One call in a thread. Raises StorageError."""
    try:
        return await asyncio.to_thread(function, *arguments, **named)
    except ClientError as error:
        raise _RefusedError(error) from error
    except (BotoCoreError, OSError) as error:
        raise StorageError(f"the storage of files cannot be reached: {error}") from error


def s3_client(*, endpoint: str, region: str, key: str, secret: str) -> Any:
    """A client; without an endpoint Amazon's own, without a key the machine's own rights."""
    config = Config(
        connect_timeout=5,
        read_timeout=30,
        retries={"mode": "standard", "total_max_attempts": 3},
        s3={"addressing_style": "path" if endpoint else "auto"},
        # Many servers that speak S3 do not know the checksums that Amazon added later.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    return boto3.client(
        "s3",
        endpoint_url=endpoint or None,
        region_name=region or None,
        aws_access_key_id=key or None,
        aws_secret_access_key=secret or None,
        config=config,
    )
