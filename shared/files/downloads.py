"""The way out for files: whole or a range (RFC 9110, 14), never able to run anything."""

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shared.errors import NotFound
from shared.files.kinds import SHOWN_INLINE
from shared.files.service import Files, name_of
from shared.files.states import OwnerKey, StoredFile

_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a file."""

    start: int
    length: int


class UnsatisfiableError(Exception):
    """A range that begins beyond the end."""


async def download(
    request: Request, files: Files, file: StoredFile, key: OwnerKey | None, *, inline: bool = False
) -> Response:
    """The file: 200, 206, 304 or 416. Raises Conflict, Gone, StorageError.

    `inline` shows what a browser can show without running it; anything else is saved.
    """
    files.require_shown(file)
    etag = f'"{file.sha256}"'
    headers = {
        **_SAFE,
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Content-Disposition": disposition(
            name_of(file, key), inline=inline and file.media_type in SHOWN_INLINE
        ),
    }
    if etag in _listed(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    try:
        span = _asked(request, file, etag)
    except UnsatisfiableError:
        return Response(
            status_code=416, headers={**headers, "Content-Range": f"bytes */{file.size}"}
        )
    whole = Span(0, file.size)
    part = span or whole
    if span is not None:
        headers["Content-Range"] = f"bytes {span.start}-{span.start + span.length - 1}/{file.size}"
    headers["Content-Length"] = str(part.length)
    status = 200 if span is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=file.media_type)
    content = files.open(file, key, start=part.start, length=part.length)
    return StreamingResponse(
        await begun(content), status_code=status, headers=headers, media_type=file.media_type
    )


async def thumbnail(
    request: Request, files: Files, file: StoredFile, key: OwnerKey | None
) -> Response:
    """The small picture of an image. Raises as `download`, and NotFound for what has none."""
    if file.thumbnail_size is None:
        raise NotFound("Van dit bestand is er geen kleine afbeelding.")
    files.require_shown(file)
    headers = {**_SAFE, "ETag": f'"{file.sha256}-klein"', "Content-Disposition": "inline"}
    if headers["ETag"] in _listed(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    headers["Content-Length"] = str(file.thumbnail_size)
    content = await begun(files.open_thumbnail(file, key))
    return StreamingResponse(content, headers=headers, media_type="image/jpeg")


async def begun(content: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    """The stream once its first block came: what fails at once is an answer with a status."""
    first = await anext(content, b"")

    async def rest() -> AsyncGenerator[bytes]:
        try:
            yield first
            async for block in content:
                yield block
        finally:
            await content.aclose()

    return rest()


def disposition(name: str, *, inline: bool) -> str:
    """Content-Disposition with the name for old and for other browsers (RFC 6266)."""
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def span_of(text: str, size: int) -> Span | None:
    """The one range that a header asks for; None where the whole is sent instead.

    Several ranges, other units and what is no range are ignored, as the standard allows. Raises
    UnsatisfiableError.
    """
    found = _RANGE.fullmatch(text.strip().replace(" ", ""))
    if found is None or (not found[1] and not found[2]):
        return None
    if not found[1]:
        last = min(int(found[2]), size)
        if last == 0:
            raise UnsatisfiableError
        return Span(size - last, last)
    start = int(found[1])
    if found[2] and int(found[2]) < start:
        return None
    if start >= size:
        raise UnsatisfiableError
    end = min(int(found[2]) if found[2] else size - 1, size - 1)
    return Span(start, end - start + 1)


def _asked(request: Request, file: StoredFile, etag: str) -> Span | None:
    """The range of this request; one of an older version of the file gets the whole."""
    text = request.headers.get("range")
    if text is None or request.headers.get("if-range", etag) != etag:
        return None
    return span_of(text, file.size)


def _listed(text: str) -> set[str]:
    """The entity tags of a header, weak ones as strong."""
    return {each.strip().removeprefix("W/") for each in text.split(",")}
