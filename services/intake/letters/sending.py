"""Letters on their way out: sent by the worker, each on its own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, select

from services.intake.context import Ctx
from services.intake.figures import LETTERS
from services.intake.letters import documents
from services.intake.letters.domain.mail import MailState, after_failure
from services.intake.letters.tables import outgoing_mail
from services.intake.reporters.commands import log_processing
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.tables import reporter_key
from shared.crypto import UnknownKeyError, decrypt
from shared.db.query import Query
from shared.documents.store import SealKey
from shared.errors import Refused
from shared.mail import Letter, Mailer, MailError

BATCH: Final = 20

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DueRow:
    """A letter that is due, and the wrapped key of its complaint; without one it was erased."""

    id: UUID
    complaint_id: UUID
    sealed: bytes
    attempts: int
    created_at: datetime
    wrapped: bytes | None


class Delivery(NamedTuple):
    """What became of one letter."""

    state: MailState
    error: str | None = None


_DUE: Final = Query(
    DueRow,
    select(
        outgoing_mail.c.id,
        outgoing_mail.c.complaint_id,
        outgoing_mail.c.sealed,
        outgoing_mail.c.attempts,
        outgoing_mail.c.created_at,
        reporter_key.c.wrapped,
    )
    .select_from(
        outgoing_mail.outerjoin(
            reporter_key, reporter_key.c.complaint_id == outgoing_mail.c.complaint_id
        )
    )
    .where(
        outgoing_mail.c.state == MailState.WAITING.value,
        outgoing_mail.c.next_attempt_at <= bindparam("now"),
    )
    .order_by(outgoing_mail.c.next_attempt_at)
    .limit(BATCH)
    .with_for_update(of=outgoing_mail, skip_locked=True),
)


async def send_due(ctx: Ctx, mailer: Mailer) -> int:
    """Send what is due; the number of letters that were tried.

    A process that dies half-way sends these few again, under the same message id.
    """
    due = await ctx.work.all(_DUE, now=ctx.now)
    for row in due:
        _keep(row, await _send(row, mailer, ctx), ctx)
    return len(due)


async def _send(row: DueRow, mailer: Mailer, ctx: Ctx) -> Delivery:
    """Send one letter; what is wrong with it holds up no other."""
    if row.wrapped is None:
        return Delivery(MailState.FAILED, "de gegevens van de melder zijn gewist")
    try:
        letter = await _opened(row, ctx.kit.vault.unwrap(row.wrapped), ctx)
    except (InvalidTag, UnknownKeyError, Refused, TypeError, ValueError) as error:
        log.exception("letter cannot be opened", mail=str(row.id), kind=type(error).__name__)
        return Delivery(MailState.FAILED, "het bericht kan niet worden geopend")
    try:
        await mailer.send(letter)
    except MailError as error:
        log.warning("letter not sent", mail=str(row.id), reason=str(error))
        return Delivery(MailState.FAILED if error.final else MailState.WAITING, str(error))
    return Delivery(MailState.SENT)


async def _opened(row: DueRow, key: bytes, ctx: Ctx) -> Letter:
    """The letter, with the document that goes with it. Raises what `_send` names."""
    content = orjson.loads(decrypt(key, row.sealed))
    document_id = content.pop("document_id", None)
    letter = Letter(id=str(row.id), written_at=row.created_at, **content)
    if document_id is None:
        return letter
    seal = SealKey(row.complaint_id, key)
    return replace(letter, attachments=(await documents.attached(UUID(document_id), seal, ctx),))


def _keep(row: DueRow, delivery: Delivery, ctx: Ctx) -> None:
    attempts = row.attempts + 1
    values: dict[str, Any] = {
        "attempts": attempts,
        "state": delivery.state,
        "last_error": delivery.error,
        "next_attempt_at": None,
        "sent_at": ctx.now if delivery.state is MailState.SENT else None,
    }
    if delivery.state is MailState.WAITING:
        retry = after_failure(attempts, ctx.now)
        values |= {"state": retry.state, "next_attempt_at": retry.next_attempt_at}
    ctx.work.update(outgoing_mail, key={"id": row.id}, values=values)
    ctx.work.count(LETTERS.of(values["state"]))
    if delivery.state is MailState.SENT:
        log_processing(row.complaint_id, ProcessingAct.MAILED, Purpose.CONTACT, ctx.work)
