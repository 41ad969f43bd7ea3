"""Outgoing letters, without what is in them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, select

from services.intake.context import ReadCtx
from services.intake.letters.domain.mail import MailKind, MailState
from services.intake.tables import complaint, outgoing_mail
from shared.db.listing import Listing, Page, Start
from shared.db.query import Query
from shared.db.sight import visible
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class MailRow:
    """A letter, and the complaint it is about."""

    id: UUID
    complaint_id: UUID
    number: str
    kind: MailKind
    state: MailState
    attempts: int
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None


_OWN: Final = [name for name in MailRow.__slots__ if name in outgoing_mail.c]
_ALL: Final = (
    select(*(outgoing_mail.c[name] for name in _OWN), complaint.c.number)
    .join(complaint, complaint.c.id == outgoing_mail.c.complaint_id)
    .where(visible(complaint))
)
_LIST: Final = Listing(
    MailRow,
    _ALL.where(outgoing_mail.c.state == bindparam("state", type_=Text)),
    filters={},
    order=(outgoing_mail.c.created_at, outgoing_mail.c.id),
    descending=True,
)
_ONE: Final = Query(MailRow, _ALL.where(outgoing_mail.c.id == bindparam("id")))
_OF_COMPLAINT: Final = Query(
    MailRow,
    _ALL.where(outgoing_mail.c.complaint_id == bindparam("complaint_id")).order_by(
        outgoing_mail.c.created_at.desc()
    ),
)


async def listed(state: MailState, start: Start, ctx: ReadCtx) -> Page[MailRow]:
    """Letters in a state, newest first."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    return await _LIST.page(ctx.rows, start, state=state, sight=ctx.sight)


async def one(mail_id: UUID, ctx: ReadCtx) -> MailRow:
    """One letter. Raises NotFound."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    return await ctx.rows.one(_ONE, "Dit bericht", id=mail_id, sight=ctx.sight)


async def of_complaint(complaint_id: UUID, ctx: ReadCtx) -> list[MailRow]:
    """The letters of a complaint, newest first."""
    ctx.require(Scope.COMPLAINTS_READ)
    return await ctx.rows.all(_OF_COMPLAINT, complaint_id=complaint_id, sight=ctx.sight)
