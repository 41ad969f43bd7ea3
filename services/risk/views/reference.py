"""The activities of the Bal, the risk models, and who competes for a programme."""

import re
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Integer,
    String,
    Text,
    Uuid,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY as PG_ARRAY

from services.risk.tables import activity, location, risk_model
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
_before = bindparam("before", type_=Uuid)
MODELS = (
    select(risk_model)
    .where(or_(_before.is_(None), risk_model.c.id < _before))
    .order_by(risk_model.c.id.desc())
    .limit(bindparam("n", type_=Integer))
)
MODEL = select(risk_model).where(risk_model.c.id == bindparam("id"))
ACTIVE = select(risk_model).where(risk_model.c.state == "actief")
_participants = bindparam("participants", type_=PG_ARRAY(Text))
_participant = bindparam("participant", type_=Text)
CANDIDATES = select(
    location.c.id,
    location.c.number,
    location.c.name,
    location.c.city,
    location.c.participant,
    location.c.score,
    location.c.risk_class,
    location.c.last_inspection,
).where(
    location.c.active,
    or_(_participants.is_(None), location.c.participant == func.any(_participants)),
    or_(_participant.is_(None), location.c.participant == _participant),
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


async def models(rows: Rows, page: Paging) -> tuple[list[Row], tuple[UUID] | None]:
    """A page of the models, newest first, and the key of the next page."""
    before = None
    if page.after is not None:
        try:
            before = UUID(str(page.after[0]))
        except ValueError:
            raise bad_cursor() from None
    found = await rows.all(MODELS, before=before, n=page.limit + 1)
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1]["id"],) if more else None
