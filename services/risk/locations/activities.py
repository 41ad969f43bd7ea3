"""The activities of the Bal: chapter 3, as the newest law has it."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

from sqlalchemy import ARRAY, ColumnElement, Integer, String, bindparam, func, or_, select

from services.risk.context import ReadCtx
from services.risk.locations.store import any_of
from services.risk.locations.tables import activity
from shared.db.query import Query
from shared.http.paging import Paging, bad_cursor
from shared.product.roles import Scope

CODE: Final = re.compile(r"3\.[0-9]{1,2}\.[0-9]{1,2}")


class ActivityRow(NamedTuple):
    """A paragraph of chapter 3."""

    code: str
    name: str
    first_article: str | None
    permit: str
    in_force: bool
    remark: str | None
    law_date: date


class Named(NamedTuple):
    """A paragraph with its name."""

    code: str
    name: str


_newest_law = select(func.max(activity.c.law_date)).scalar_subquery()
_path = func.string_to_array(activity.c.code, ".").cast(ARRAY(Integer))
_after: ColumnElement[str] = bindparam("after", type_=String)
_after_path = func.string_to_array(_after, ".").cast(ARRAY(Integer))
_newest = activity.c.law_date == _newest_law
_named = select(activity.c.code, activity.c.name)

ACTIVITIES: Final = Query(
    ActivityRow,
    select(*(activity.c[name] for name in ActivityRow._fields))
    .where(_newest, or_(_after.is_(None), _path > _after_path))
    .order_by(_path)
    .limit(bindparam("n", type_=Integer)),
)
CHOICES: Final = Query(Named, _named.where(_newest, activity.c.in_force).order_by(_path))
NAMES: Final = Query(Named, _named.where(_newest, any_of(activity.c.code, "codes")))


async def activities(page: Paging, ctx: ReadCtx) -> tuple[list[ActivityRow], tuple[str] | None]:
    """A page of the activities, in the order of the law, and the key of the next page."""
    ctx.require(Scope.LOCATIONS_READ)
    after = None
    if page.after is not None:
        after = page.after[0]
        if not isinstance(after, str) or not CODE.fullmatch(after):
            raise bad_cursor()
    rows = await ctx.rows.all(ACTIVITIES, after=after, n=page.limit + 1)
    shown = rows[: page.limit]
    return shown, (shown[-1].code,) if len(rows) > page.limit else None


async def choices(ctx: ReadCtx) -> list[tuple[str, str]]:
    """The paragraphs that can be chosen, as options of a list."""
    ctx.require(Scope.LOCATIONS_READ)
    return [(row.code, f"§ {row.code} {row.name}") for row in await ctx.rows.all(CHOICES)]


async def names(codes: Sequence[str], ctx: ReadCtx) -> dict[str, str]:
    """The names of these paragraphs."""
    ctx.require(Scope.LOCATIONS_READ)
    return {row.code: row.name for row in await ctx.rows.all(NAMES, codes=list(codes))}
