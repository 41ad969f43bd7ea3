"""A selection as a file for a Dutch spreadsheet: semicolons, and UTF-8 that says so."""

import csv
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from starlette.responses import Response, StreamingResponse

from shared.ui.formats import local

CSV = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(name: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Response:
    """The file `name`.csv; no text in it is taken for a formula."""
    text = "\ufeff".encode() + _lines([header]) + _lines(lines)
    return Response(text, media_type=CSV, headers=_headers(name))


def streamed(
    name: str, header: Sequence[str], pages: AsyncIterator[Iterable[Sequence[Any]]]
) -> StreamingResponse:
    """The same in pieces: whole however long it is, in memory a page at a time.

    Where reading breaks off the answer does too, so that nobody takes a part for the whole.
    """

    async def pieces() -> AsyncIterator[bytes]:
        yield "\ufeff".encode() + _lines([header])
        async for page in pages:
            yield _lines(page)

    return StreamingResponse(pieces(), media_type=CSV, headers=_headers(name))


def _lines(lines: Iterable[Sequence[Any]]) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=";").writerows([written(value) for value in line] for line in lines)
    return text.getvalue().encode()


def _headers(name: str) -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "Cache-Control": "no-store",
    }


def written(value: Any) -> str:
    """One cell: a day, a moment on the Dutch clock, a number with a comma, or harmless text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{local(value):%d-%m-%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, int | float | Decimal):
        return str(value).replace(".", ",")
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
