"""Letters are queued in the commit of the use case; one that failed can be sent again."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import orjson
from sqlalchemy import bindparam, select

from services.intake.context import Ctx
from services.intake.letters.domain.letters import Written
from services.intake.letters.domain.mail import MailKind, MailState
from services.intake.letters.outcome import LETTER, keep_outcome
from services.intake.letters.tables import outgoing_mail
from services.intake.tables import complaint
from shared.crypto import encrypt
from shared.db.query import Query
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.jobs import changes, standing
from shared.jobs.queue import NewJob
from shared.jobs.queue import queue as queue_job
from shared.product.roles import Scope

_FAILED: Final = Query(
    UUID,
    select(outgoing_mail.c.id)
    .join(complaint, complaint.c.id == outgoing_mail.c.complaint_id)
    .where(
        outgoing_mail.c.id == bindparam("id"),
        outgoing_mail.c.state == MailState.FAILED.value,
        visible(complaint),
    ),
)


@dataclass(frozen=True, slots=True)
class Mail:
    """A letter with its address, about a complaint; with the document that is attached."""

    complaint_id: UUID
    kind: MailKind
    to: str
    letter: Written
    document_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SendAgain:
    """A failed letter that somebody wants to go out all the same."""

    mail_id: UUID


def queue(mail: Mail, key: bytes, work: UnitOfWork) -> None:
    """Queue a letter, sealed with the key of the complaint."""
    content = {
        "to": mail.to,
        "subject": mail.letter.subject,
        "text": mail.letter.text,
        **({"document_id": mail.document_id} if mail.document_id else {}),
    }
    letter_id = new_id()
    job = NewJob(kind=LETTER, description=f"Brief: {mail.kind}", id=letter_id)
    work.insert(
        outgoing_mail,
        {
            "id": letter_id,
            "complaint_id": mail.complaint_id,
            "kind": mail.kind,
            "state": MailState.WAITING,
            "sealed": encrypt(key, orjson.dumps(content)),
            "created_at": work.now,
        },
    )
    queue_job(work, job)


async def send_again(command: SendAgain, ctx: Ctx) -> None:
    """Put a failed letter back in the queue. Raises NotFound, Conflict.

    Of job and letter the job is locked first, here as in its worker.
    """
    ctx.require(Scope.COMPLAINTS_WRITE)
    found = await ctx.work.one(_FAILED, "Dit mislukte bericht", id=command.mail_id, sight=ctx.sight)
    await changes.retry(ctx.work, found)
    await keep_outcome(ctx.work, await standing.one(ctx.work, found))
