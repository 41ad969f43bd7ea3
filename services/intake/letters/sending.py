"""Letters on their way out: each is a job of its own, with the id of the letter."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
import structlog
from cryptography.exceptions import InvalidTag
from sqlalchemy import bindparam, select

from services.intake.context import Ctx
from services.intake.letters import documents
from services.intake.letters.domain.mail import PAUSES
from services.intake.letters.outcome import LETTER, keep_outcome
from services.intake.letters.tables import outgoing_mail
from services.intake.reporters.commands import log_processing
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.tables import reporter_key
from shared.context import system_context
from shared.crypto import UnknownKeyError, decrypt
from shared.db.query import Query
from shared.documents.store import SealKey
from shared.errors import Refused
from shared.jobs.errors import JobFailedError, RetryError
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.mail import Letter, Mailer, MailError, mailer_for
from shared.settings import Settings

log = structlog.get_logger(__name__)

_SENT: Final = "verzonden"
_ERASED: Final = "de gegevens van de melder zijn gewist"
_SHUT: Final = "het bericht kan niet worden geopend"


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter, and the wrapped key of its complaint; without one it was erased."""

    id: UUID
    complaint_id: UUID
    sealed: bytes
    created_at: datetime
    sent_at: datetime | None
    wrapped: bytes | None


_LETTER: Final = Query(
    LetterRow,
    select(
        outgoing_mail.c.id,
        outgoing_mail.c.complaint_id,
        outgoing_mail.c.sealed,
        outgoing_mail.c.created_at,
        outgoing_mail.c.sent_at,
        reporter_key.c.wrapped,
    )
    .select_from(
        outgoing_mail.outerjoin(
            reporter_key, reporter_key.c.complaint_id == outgoing_mail.c.complaint_id
        )
    )
    .where(outgoing_mail.c.id == bindparam("id")),
)


def letters(mailer_of: Callable[[Settings], Mailer] = mailer_for) -> JobKind:
    """The kind of job that sends a letter; `mailer_of` gives the mail server of the settings."""

    async def run(job: Job) -> str:
        return await send(job, mailer_of(job.settings))

    return JobKind(LETTER, "Brieven verzenden", run, PAUSES, at_once=2, told=keep_outcome)


async def send(job: Job, mailer: Mailer) -> str:
    """Send the letter of this job.

    A worker that dies between mail server and commit has it sent again, under the same message id.
    """
    async with job.step() as work:
        row = await work.one(_LETTER, "Deze brief", id=job.id)
        if row.sent_at is not None:
            return _SENT
        letter = await _opened(row, system_context(work, job.kit))
    try:
        await mailer.send(letter)
    except MailError as error:
        raise (JobFailedError if error.final else RetryError)(str(error)) from error
    async with job.step(finishing=True) as work:
        work.update(outgoing_mail, key={"id": row.id}, values={"sent_at": work.now})
        log_processing(row.complaint_id, ProcessingAct.MAILED, Purpose.CONTACT, work)
    return _SENT


async def _opened(row: LetterRow, ctx: Ctx) -> Letter:
    """The letter, with the document that goes with it. Raises JobFailedError."""
    if row.wrapped is None:
        raise JobFailedError(_ERASED)
    try:
        return await _with_document(row, ctx.kit.vault.unwrap(row.wrapped), ctx)
    except (InvalidTag, UnknownKeyError, Refused, TypeError, ValueError) as error:
        log.exception("letter cannot be opened", mail=str(row.id), kind=type(error).__name__)
        raise JobFailedError(_SHUT) from error


async def _with_document(row: LetterRow, key: bytes, ctx: Ctx) -> Letter:
    content = orjson.loads(decrypt(key, row.sealed))
    document_id = content.pop("document_id", None)
    letter = Letter(id=str(row.id), written_at=row.created_at, **content)
    if document_id is None:
        return letter
    seal = SealKey(row.complaint_id, key)
    return replace(letter, attachments=(await documents.attached(UUID(document_id), seal, ctx),))
