"""Letters on their way out: queued in the commit of the use case, sent by the worker."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
import structlog
from sqlalchemy import bindparam, select

from services.intake.letters.domain.letters import Written
from services.intake.letters.domain.mail import MailKind, MailState, after_failure
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.tables import outgoing_mail, processing, reporter_key
from shared.crypto import Vault, decrypt, encrypt
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.mail import Letter, Mailer, MailError

BATCH: Final = 20

log = structlog.get_logger(__name__)

_DUE = (
    select(outgoing_mail, reporter_key.c.wrapped)
    .outerjoin(reporter_key, reporter_key.c.complaint_id == outgoing_mail.c.complaint_id)
    .where(
        outgoing_mail.c.state == MailState.WAITING.value,
        outgoing_mail.c.next_attempt_at <= bindparam("now"),
    )
    .order_by(outgoing_mail.c.next_attempt_at)
    .limit(BATCH)
    .with_for_update(of=outgoing_mail, skip_locked=True)
)
_FAILED = (
    select(outgoing_mail)
    .where(
        outgoing_mail.c.id == bindparam("id"),
        outgoing_mail.c.state == MailState.FAILED.value,
    )
    .with_for_update()
)


class Delivery(NamedTuple):
    """What became of one letter."""

    state: MailState
    next_attempt_at: datetime | None
    error: str | None


class Mail(NamedTuple):
    """A letter with its address."""

    kind: MailKind
    to: str
    letter: Written


def queue(work: UnitOfWork, complaint_id: UUID, key: bytes, mail: Mail) -> None:
    """Queue a letter, sealed with the key of the complaint."""
    content = {"to": mail.to, "subject": mail.letter.subject, "text": mail.letter.text}
    work.insert(
        outgoing_mail,
        {
            "id": new_id(),
            "complaint_id": complaint_id,
            "kind": mail.kind,
            "state": MailState.WAITING,
            "sealed": encrypt(key, orjson.dumps(content)),
            "created_at": work.now,
            "next_attempt_at": work.now,
        },
    )


async def send_due(work: UnitOfWork, mailer: Mailer, vault: Vault) -> int:
    """Send what is due; the number of letters that were tried.

    A process that dies half-way sends these few again, under the same message id.
    """
    due = await work.all(_DUE, now=work.now)
    for row in due:
        _keep(work, row, await _send(row, mailer, vault))
    return len(due)


async def _send(row: Row, mailer: Mailer, vault: Vault) -> Delivery:
    if row["wrapped"] is None:
        return Delivery(MailState.FAILED, None, "de gegevens van de melder zijn gewist")
    content = orjson.loads(decrypt(vault.unwrap(row["wrapped"]), row["sealed"]))
    letter = Letter(id=str(row["id"]), written_at=row["created_at"], **content)
    try:
        await mailer.send(letter)
    except MailError as error:
        log.warning("letter not sent", mail=str(row["id"]), reason=str(error))
        return Delivery(MailState.WAITING, None, str(error))
    return Delivery(MailState.SENT, None, None)


def _keep(work: UnitOfWork, row: Row, delivery: Delivery) -> None:
    attempts = row["attempts"] + 1
    values: dict[str, Any] = {
        "attempts": attempts,
        "state": delivery.state,
        "last_error": delivery.error,
        "next_attempt_at": None,
        "sent_at": work.now if delivery.state is MailState.SENT else None,
    }
    if delivery.state is MailState.WAITING:
        retry = after_failure(attempts, work.now)
        values |= {"state": retry.state, "next_attempt_at": retry.next_attempt_at}
    work.update(outgoing_mail, key={"id": row["id"]}, values=values)
    if delivery.state is MailState.SENT:
        log_processing(work, [row["complaint_id"]], ProcessingAct.MAILED, Purpose.CONTACT)


def log_processing(
    work: UnitOfWork, complaint_ids: Sequence[UUID], act: ProcessingAct, purpose: Purpose
) -> None:
    """Write down who did what with whose personal data, when and why."""
    for complaint_id in complaint_ids:
        work.insert(
            processing,
            {
                "id": new_id(),
                "complaint_id": complaint_id,
                "act": act,
                "purpose": purpose,
                "actor": work.actor,
                "at": work.now,
            },
        )


async def send_again(work: UnitOfWork, mail_id: UUID) -> UUID:
    """Put a failed letter back in the queue; the complaint it is about. Raises NotFound."""
    row = await work.one(_FAILED, "Dit mislukte bericht", id=mail_id)
    values = {"state": MailState.WAITING, "attempts": 0, "next_attempt_at": work.now}
    work.update(outgoing_mail, key={"id": mail_id}, values=values)
    complaint_id: UUID = row["complaint_id"]
    return complaint_id
