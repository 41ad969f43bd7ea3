"""Outgoing letters that need a person."""

from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import DateTime, Integer, Text, Uuid, bindparam, select, tuple_

from services.intake.conditions import visible
from services.intake.tables import complaint, outgoing_mail
from shared.db.rows import Row, Rows
from shared.http.paging import Paging, bad_cursor
from shared.http.schema import Instant

_COLUMNS = (
    outgoing_mail.c.id,
    outgoing_mail.c.complaint_id,
    complaint.c.number,
    outgoing_mail.c.kind,
    outgoing_mail.c.state,
    outgoing_mail.c.attempts,
    outgoing_mail.c.last_error,
    outgoing_mail.c.created_at,
    outgoing_mail.c.sent_at,
)
_OF_STATE = (
    select(*_COLUMNS)
    .join(complaint, complaint.c.id == outgoing_mail.c.complaint_id)
    .where(outgoing_mail.c.state == bindparam("state", type_=Text), visible(complaint))
)
_ORDER = (outgoing_mail.c.created_at.desc(), outgoing_mail.c.id.desc())
_AFTER = tuple_(outgoing_mail.c.created_at, outgoing_mail.c.id) < tuple_(
    bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid)
)
_LIMIT = bindparam("limit", type_=Integer)
_LIST = _OF_STATE.order_by(*_ORDER).limit(_LIMIT)
_NEXT = _OF_STATE.where(_AFTER).order_by(*_ORDER).limit(_LIMIT)
_ONE = (
    select(*_COLUMNS)
    .join(complaint, complaint.c.id == outgoing_mail.c.complaint_id)
    .where(outgoing_mail.c.id == bindparam("id"), visible(complaint))
)
_INSTANT = TypeAdapter(Instant)


async def listed(
    rows: Rows, state: str, participants: list[str] | None, page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    """Letters in a state, newest first; and the key of the last row when more follow."""
    params = {"state": state, "participants": participants, "limit": page.limit + 1}
    if page.after is None:
        found = await rows.all(_LIST, **params)
    else:
        after_at, after_id = _key(page.after)
        found = await rows.all(_NEXT, **params, after_at=after_at, after_id=after_id)
    if len(found) <= page.limit:
        return found, None
    last = found[page.limit - 1]
    return found[: page.limit], (last["created_at"].isoformat(), last["id"])


def _key(after: tuple[Any, ...]) -> tuple[Any, UUID]:
    try:
        created_at, mail_id = after
        return _INSTANT.validate_python(created_at), UUID(str(mail_id))
    except (TypeError, ValueError):
        raise bad_cursor() from None


async def one(rows: Rows, mail_id: UUID, participants: list[str] | None) -> Row:
    """One letter, without what is in it. Raises NotFound."""
    return await rows.one(_ONE, "Dit bericht", id=mail_id, participants=participants)
