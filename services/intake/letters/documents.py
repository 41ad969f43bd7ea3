"""The answer to a complainant as a document: frozen when the complaint is closed.

It is sealed with the key of the complaint, as every letter: who erases the person erases it.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, select

from services.intake.complaints.domain.complaint import Complaint
from services.intake.context import Ctx, ReadCtx
from services.intake.letters.domain.letters import Written
from services.intake.reporters.commands import log_processing
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.tables import document, reporter_key
from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.documents.paper import Paper, Paragraph
from shared.documents.rendering import MEDIA_TYPES, Form, render
from shared.documents.snapshot import Snapshot
from shared.documents.store import DocumentStore, SealKey, Subject
from shared.documents.templates import Template, Templates
from shared.errors import NotFound
from shared.mail import Attachment
from shared.product.roles import Scope

ANSWER: Final = "antwoord-klacht"
STORE: Final = DocumentStore(document)
_WRAPPED: Final = Query(
    bytes,
    select(reporter_key.c.wrapped).where(reporter_key.c.complaint_id == bindparam("complaint_id")),
)


@dataclass(frozen=True, slots=True)
class OpenAnswer:
    """Whose answer is asked for, and why: that is written down."""

    complaint_id: UUID
    purpose: Purpose


def answer_paper(snapshot: Snapshot) -> Paper:
    """The letter, paragraph by paragraph (version 1)."""
    values = snapshot.values
    return Paper(
        title=str(values["onderwerp"]),
        agency=snapshot.agency,
        dated=snapshot.dated,
        blocks=tuple(Paragraph(part) for part in str(values["tekst"]).strip().split("\n\n")),
        reference=f"Klacht {values['klachtnummer']}",
    )


TEMPLATES: Final = Templates(Template(ANSWER, 1, answer_paper))


def answer_snapshot(complaint: Complaint, letter: Written, agency: str, dated: date) -> Snapshot:
    """The answer as it was given, with the versions of what it rests on."""
    return Snapshot(
        kind=ANSWER,
        template_version=TEMPLATES.newest(ANSWER),
        agency=agency,
        dated=dated,
        values={
            "klachtnummer": complaint.number,
            "onderwerp": letter.subject,
            "tekst": letter.text,
            "oordeel": complaint.outcome and str(complaint.outcome),
        },
        definitions={
            "oordeel": "of de melder de overlast had en of er een overtreding is vastgesteld"
        },
        versions={"klacht": str(complaint.version)},
    )


def keep_answer(
    work: UnitOfWork, complaint: Complaint, letter: Written, agency: str, key: bytes
) -> UUID:
    """Queue the document, in the commit that closes the complaint; its id."""
    snapshot = answer_snapshot(complaint, letter, agency, work.today)
    subject = Subject(complaint.id, complaint.participant)
    return STORE.add(work, snapshot, subject, SealKey(complaint.id, key))


async def attached(document_id: UUID, key: SealKey, ctx: ReadCtx) -> Attachment:
    """The answer as it goes with its letter. Raises NotFound, Gone."""
    snapshot = (await STORE.one(ctx.rows, document_id, ctx.sight)).opened(key)
    content = await asyncio.to_thread(render, snapshot, TEMPLATES, Form.PDF)
    return Attachment(f"{file_name(snapshot)}.pdf", MEDIA_TYPES[Form.PDF], content)


def file_name(snapshot: Snapshot) -> str:
    """The name to save it as, without extension."""
    return f"antwoord-{snapshot.values['klachtnummer']}"


async def open_answer(command: OpenAnswer, ctx: Ctx) -> Snapshot:
    """The last answer; who looked, and why, is written down. Raises Forbidden, NotFound, Gone."""
    ctx.require(Scope.REPORTERS_READ)
    kept = await STORE.newest(ctx.rows, ANSWER, command.complaint_id, ctx.sight)
    if kept is None:
        raise NotFound("Van deze klacht is er geen antwoord, of het is niet voor u zichtbaar.")
    wrapped = await ctx.rows.first(_WRAPPED, complaint_id=command.complaint_id)
    key = SealKey(command.complaint_id, ctx.kit.vault.unwrap(wrapped)) if wrapped else None
    snapshot = kept.opened(key)
    log_processing(command.complaint_id, ProcessingAct.READ, command.purpose, ctx.work)
    return snapshot


async def has_answer(complaint_id: UUID, ctx: ReadCtx) -> bool:
    """Whether there is an answer to open; nobody's data is opened to know it."""
    ctx.require(Scope.COMPLAINTS_READ)
    if await STORE.newest(ctx.rows, ANSWER, complaint_id, ctx.sight) is None:
        return False
    return await ctx.rows.first(_WRAPPED, complaint_id=complaint_id) is not None
