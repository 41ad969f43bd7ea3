"""A selection as a file for a Dutch spreadsheet: semicolons, and UTF-8 that says so."""

import csv
import unicodedata
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any, TypeVar

from starlette.responses import StreamingResponse

from shared.db.database import Database
from shared.db.listing import Page
from shared.http.paging import Paging, decode_cursor, encode_cursor
from shared.ui.context import PageReadContext
from shared.ui.formats import local

CSV = "text/csv; charset=utf-8"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
# So many are written in some ten ms: others may go before the next.
ROWS_AT_ONCE = 250

R = TypeVar("R")


async def lines_of(
    ctx: PageReadContext[Any],
    read: Callable[[Paging, PageReadContext[Any]], Awaitable[Page[R]]],
    line: Callable[[R], Sequence[Any]],
) -> AsyncIterator[list[Sequence[Any]]]:
    """The lines of a whole list a page at a time, for a file.

    Each page has a reader of its own: the one of the request is given back by then, and whoever
    takes the file slowly holds no connection.
    """
    db: Database = ctx.request.app.state.db
    after: tuple[Any, ...] | None = None
    while True:
        async with db.read(ctx.sight) as rows:
            page = await read(Paging(after, ROWS_AT_ONCE, "", ()), replace(ctx, rows=rows))
        yield [line(row) for row in page]
        if page.next_key is None:
            return
        after = decode_cursor(encode_cursor(page.next_key))


def streamed(
    name: str, header: Sequence[str], pages: AsyncIterator[Iterable[Sequence[Any]]]
) -> StreamingResponse:
    """The file `name`.csv, whole however long it is; no text in it is taken for a formula.

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
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    """Spreadsheets pass over space, and read a fullwidth sign as the sign itself."""
    plain = unicodedata.normalize("NFKC", text)
    return plain.startswith(FORMULA) or plain.lstrip().startswith(FORMULA)
