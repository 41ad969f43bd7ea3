"""The activities of the Bal."""

import re

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    String,
    Text,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY

from services.risk.locations.tables import activity
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor

CODE = re.compile(r"3\.[0-9]{1,2}\.[0-9]{1,2}")
_newest_law = select(func.max(activity.c.law_date)).scalar_subquery()
_path = func.string_to_array(activity.c.code, ".").cast(ARRAY(Integer))
_after: ColumnElement[str] = bindparam("after", type_=String)
_after_path = func.string_to_array(_after, ".").cast(ARRAY(Integer))

ACTIVITIES = (
    select(activity)
    .where(
        activity.c.law_date == _newest_law,
        or_(_after.is_(None), _path > _after_path),
    )
    .order_by(_path)
    .limit(bindparam("n", type_=Integer))
)
CHOICES = (
    select(activity.c.code, activity.c.name)
    .where(activity.c.law_date == _newest_law, activity.c.in_force)
    .order_by(_path)
)
NAMES = select(activity.c.code, activity.c.name).where(
    activity.c.law_date == _newest_law,
    activity.c.code == func.any(bindparam("codes", type_=PG_ARRAY(Text))),
)


async def activities(rows: Rows, page: Paging) -> tuple[list[Row], tuple[str] | None]:
    """A page of the activities, in the order of the law, and the key of the next page."""
    after = None
    if page.after is not None:
        after = page.after[0]
        if not isinstance(after, str) or not CODE.fullmatch(after):
            raise bad_cursor()
    found = await rows.all(ACTIVITIES, after=after, n=page.limit + 1)
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1]["code"],) if more else None


async def choices(rows: Rows) -> list[tuple[str, str]]:
    """The paragraphs that can be chosen, as options of a list."""
    found = await rows.all(CHOICES)
    return [(row["code"], f"§ {row['code']} {row['name']}") for row in found]


async def names(rows: Rows, codes: list[str]) -> dict[str, str]:
    """The names of these paragraphs."""
    return {row["code"]: row["name"] for row in await rows.all(NAMES, codes=codes)}
