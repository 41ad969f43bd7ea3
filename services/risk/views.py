"""Reads of risk: lists, one location, its score, its figures and its time line."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Float,
    Integer,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    or_,
    select,
    text,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.tables import activity, location, risk_model, score
from shared.http.paging import Paging, bad_cursor
from shared.rows import Row, Rows

_participants = bindparam("participants", type_=ARRAY(Text))
VISIBLE = or_(_participants.is_(None), location.c.participant == func.any(_participants))


def _given(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    value = bindparam(name, type_=column.type)
    return or_(value.is_(None), column == value)


_search = bindparam("search", type_=Text)
_activity = bindparam("activity", type_=Text)
_after_score = bindparam("after_score", type_=Numeric(6, 2))
_after_id = bindparam("after_id", type_=Uuid)
_x, _y, _radius = (bindparam(name, type_=Float) for name in ("x", "y", "radius"))

LIST = (
    select(location)
    .where(
        VISIBLE,
        location.c.active,
        _given(location.c.participant, "participant"),
        _given(location.c.risk_class, "risk_class"),
        or_(_activity.is_(None), _activity == func.any(location.c.activities)),
        or_(
            _search.is_(None),
            (location.c.name + " " + func.concat_ws(
                " ", location.c.street, location.c.house_number, location.c.postcode,
                location.c.city, location.c.number,
            )).ilike(_search),
        ),
        or_(
            _radius.is_(None),
            and_(
                location.c.rd_x.between(_x - _radius, _x + _radius),
                location.c.rd_y.between(_y - _radius, _y + _radius),
            ),
        ),
        or_(
            _after_score.is_(None),
            tuple_(location.c.score, location.c.id) < tuple_(_after_score, _after_id),
        ),
    )
    .order_by(location.c.score.desc(), location.c.id.desc())
    .limit(bindparam("n", type_=Integer))
)  # fmt: skip
CONFIRMED = select(risk_model.c.confirmed).where(risk_model.c.state == "actief")
CANDIDATES = select(
    location.c.id, location.c.name, location.c.participant, location.c.score, location.c.risk_class
).where(VISIBLE, location.c.active, _given(location.c.participant, "participant"))
ONE = select(location).where(location.c.id == bindparam("id"), VISIBLE)
ACTIVITIES = (
    select(activity)
    .where(_given(activity.c.code, "code"))
    .order_by(func.string_to_array(activity.c.code, ".").cast(ARRAY(Integer)))
)
MODELS = select(risk_model).order_by(risk_model.c.model_version.desc())
MODEL = select(risk_model).where(risk_model.c.id == bindparam("id"))
HISTORY = (
    select(score)
    .where(
        score.c.location_id == bindparam("id"),
        or_(bindparam("before", type_=Integer).is_(None), score.c.seq < bindparam("before")),
    )
    .order_by(score.c.seq.desc())
    .limit(bindparam("n", type_=Integer))
)
COMPLAINTS = text(
    """
    SELECT count(*) FILTER (WHERE received_at > now() - interval '24 months') AS received,
           count(*) FILTER (WHERE received_at > now() - interval '24 months'
                              AND outcome = 'gegrond') AS justified,
           count(*) FILTER (WHERE received_at > now() - interval '12 months'
                              AND outcome = 'gegrond') AS justified_year,
           count(*) FILTER (WHERE closed_at IS NULL) AS open
      FROM complaint WHERE location_id = :id
    """
)
TIMELINE = text(
    """
    SELECT received_at AS at, 'Klacht ' || number || ' (' || category || ')' AS what,
           '/intake/klachten/' || id AS reference FROM complaint WHERE location_id = :id
    UNION ALL
    SELECT completed_on::timestamp AT TIME ZONE 'Europe/Amsterdam',
           initcap(left(kind, 1)) || substr(kind, 2) || ' ' || number || ': ' || violations ||
           CASE violations WHEN 1 THEN ' overtreding' ELSE ' overtredingen' END,
           '/enforcement/controles/' || id FROM inspection WHERE location_id = :id
    UNION ALL
    SELECT established_on::timestamp AT TIME ZONE 'Europe/Amsterdam',
           'Overtreding ' || number || ': ' || nature || coalesce(' (cel ' || cell || ')', ''),
           '/enforcement/overtredingen/' || id FROM violation WHERE location_id = :id
    UNION ALL
    (SELECT scored_at, 'Score ' || replace(round(score, 1)::text, '.', ',') || ' (' || risk_class
            || '): ' || cause_event, NULL FROM score WHERE location_id = :id
      ORDER BY seq DESC LIMIT 20)
    ORDER BY at DESC LIMIT 60
    """
)


async def page_of_locations(
    rows: Rows, participants: list[str] | None, filters: dict[str, Any], page: Paging
) -> tuple[list[Row], Sequence[Any] | None]:
    """A page of locations, the highest score first, and the key of the next page."""
    search = filters.pop("search", None)
    pattern = f"%{search.strip()}%" if search else None
    after_score, after_id = _after(page)
    found = await rows.all(
        LIST,
        participants=participants,
        search=pattern,
        after_score=after_score,
        after_id=after_id,
        n=page.limit + 1,
        **{"participant": None, "risk_class": None, "activity": None, **filters},
        **({} if "radius" in filters else {"x": 0.0, "y": 0.0, "radius": None}),
    )
    more = len(found) > page.limit
    found = found[: page.limit]
    return found, (found[-1]["score"], found[-1]["id"]) if more else None


def _after(page: Paging) -> tuple[Any, Any]:
    if page.after is None:
        return None, None
    try:
        after_score, after_id = page.after
        return Decimal(str(after_score)), UUID(str(after_id))
    except (ValueError, ArithmeticError):
        raise bad_cursor() from None


async def one(rows: Rows, location_id: UUID, participants: list[str] | None) -> Row:
    """The location. Raises NotFound when it is not there, or not for this caller."""
    return await rows.one(ONE, "Deze locatie", id=location_id, participants=participants)


async def names_of_activities(rows: Rows) -> dict[str, str]:
    """The name of each paragraph of the Bal."""
    return {row["code"]: row["name"] for row in await rows.all(ACTIVITIES, code=None)}


def before_of(page: Paging) -> int | None:
    """The sequence number before which a page of the history starts."""
    if page.after is None:
        return None
    if len(page.after) != 1 or not isinstance(page.after[0], int):
        raise bad_cursor()
    return page.after[0]
