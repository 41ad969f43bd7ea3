"""A selection as a file for a Dutch spreadsheet: semicolons, and UTF-8 that says so."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

from starlette.responses import Response

from shared.ui.formats import local

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spreadsheet(name: str, header: Sequence[str], lines: Iterable[Sequence[Any]]) -> Response:
    """The file `name`.csv; no text in it is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    writer.writerows([written(value) for value in line] for line in lines)
    return Response(
        text.getvalue().encode("utf-8-sig"),
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.csv"',
            "Cache-Control": "no-store",
        },
    )


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
