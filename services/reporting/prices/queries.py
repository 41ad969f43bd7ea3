"""Reads of versions: as lists, and what holds on a day."""

from datetime import date
from typing import Any, TypeVar

from sqlalchemy import text

from services.reporting.context import ReadCtx
from services.reporting.prices.kinds import Kind, VersionRow
from shared.db.listing import Page
from shared.db.query import Query
from shared.db.rows import Rows
from shared.http.paging import Paging
from shared.product.roles import Scope

V = TypeVar("V", bound=VersionRow)

_PARAMETER = Query(
    dict,
    text("""
        SELECT value FROM parameter
        WHERE code = :code AND activated_at IS NOT NULL
          AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
    """),
)


async def versions(
    kind: Kind[V], page: Paging, ctx: ReadCtx, *, key: str | None, day: date | None
) -> Page[V]:
    """Versions of one kind, the newest first, proposed ones too. Raises Forbidden."""
    ctx.require(Scope.HOURS_READ)
    return await kind.listing.page(ctx.rows, page, key=key, day=day)


async def parameter_on(rows: Rows, code: str, day: date) -> dict[str, Any] | None:
    """The value in force on a day, for a use case."""
    return await rows.value(_PARAMETER, code=code, day=day)
