"""Answers: a model as bytes, serialised once, with its ETag and Location; a list with its links."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from shared.http.paging import Paging

JSON = "application/json"


def headers_of(version: int | None, location: str | None) -> dict[str, str]:
    """The headers of an answer about one resource."""
    headers = {}
    if version is not None:
        headers["ETag"] = f'"{version}"'
    if location is not None:
        headers["Location"] = location
    return headers


def answer(
    model: BaseModel, *, status: int = 200, version: int | None = None, location: str | None = None
) -> Response:
    """One resource."""
    body = model.model_dump_json(by_alias=True, exclude_none=False)
    return Response(body, status, media_type=JSON, headers=headers_of(version, location))


def listing(
    items: Sequence[BaseModel], page: Paging, *, next_key: Sequence[Any] | None = None
) -> Response:
    """A page of resources: `{"resultaten": [...]}` with a Link header to the next page (RFC 8288).

    `next_key` is the sort key of the last item when more may follow.
    """
    body = b",".join(item.model_dump_json(by_alias=True).encode() for item in items)
    return listing_json(b"[" + body + b"]", page, next_key=next_key)


def listing_json(items: bytes, page: Paging, *, next_key: Sequence[Any] | None = None) -> Response:
    """The same for items that are JSON already."""
    headers = {"Link": page.links(next_key)}
    return Response(b'{"resultaten":' + items + b"}", media_type=JSON, headers=headers)
