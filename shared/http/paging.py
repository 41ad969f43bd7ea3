"""Keyset paging: a cursor is the sort key of the last row, so every page costs the same."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

import orjson
from fastapi import Depends, Query, Request

from shared.db.listing import bad_cursor
from shared.http.schema import Cursor

__all__ = ["Page", "Paging", "bad_cursor", "decode_cursor", "encode_cursor", "page_of"]

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Paging:
    """Where a page starts, how long it is, and the address it was asked at."""

    after: tuple[Any, ...] | None
    limit: int
    path: str
    query: tuple[tuple[str, str], ...]

    def links(self, next_key: Sequence[Any] | None) -> str:
        """The Link header (RFC 8288): first, and next where more may follow."""
        links = [f'<{self._address(None)}>; rel="first"']
        if next_key is not None:
            links.append(f'<{self._address(encode_cursor(next_key))}>; rel="next"')
        return ", ".join(links)

    def next_url(self, next_key: Sequence[Any]) -> str:
        """The address of the next page, for a screen."""
        return self._address(encode_cursor(next_key))

    def _address(self, cursor: str | None) -> str:
        query = [(name, value) for name, value in self.query if name != "cursor"]
        if cursor:
            query.append(("cursor", cursor))
        return self.path + (f"?{urlencode(query)}" if query else "")


def encode_cursor(key: Sequence[Any]) -> str:
    """The sort key as an opaque cursor."""
    return urlsafe_b64encode(orjson.dumps(list(key), default=str)).decode().rstrip("=")


def decode_cursor(cursor: str) -> tuple[Any, ...]:
    """The sort key back. Raises NotFound for a cursor that was not given out here."""
    try:
        key = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise bad_cursor() from None
    if not isinstance(key, list) or not key:
        raise bad_cursor()
    return tuple(key)


async def page_of(
    request: Request,
    cursor: Annotated[
        Cursor | None, Query(description="Plaats in de lijst, uit de Link-header")
    ] = None,
    limit: Annotated[
        int, Query(ge=1, le=MAX_LIMIT, description="Aantal resultaten per pagina")
    ] = DEFAULT_LIMIT,
) -> Paging:
    """The page that a request asks for."""
    after = decode_cursor(cursor) if cursor else None
    query = tuple(request.query_params.multi_items())
    return Paging(after, limit, request.scope.get("root_path", "") + _route(request), query)


def _route(request: Request) -> str:
    path: str = request.scope["path"]
    root: str = request.scope.get("root_path", "")
    return path.removeprefix(root)


Page = Annotated[Paging, Depends(page_of)]
