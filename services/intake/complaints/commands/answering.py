"""Contact, assessment and answer: what the complainant gets to hear, and when it is done."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.intake.complaints import store as repository
from services.intake.complaints.commands.linking import Change, locked_for
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import AnswerWay, Assessment, Complaint
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.context import Desk
from services.intake.incidents import domain as incidents
from services.intake.letters import commands as mailing
from services.intake.letters import documents
from services.intake.letters.commands import Mail
from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About, Written
from services.intake.letters.domain.mail import MailKind
from services.intake.reference.domain.lists import Reference
from services.intake.reporters.commands import unsealed
from services.intake.tables import contact_moment
from shared.clock import local_date
from shared.contracts.intake import Outcome
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Contact:
    """With whom, how, and what was said."""

    party: Party
    kind: ContactKind
    note: str


async def note_contact(
    change: Change, contact: Contact, work: UnitOfWork
) -> tuple[Complaint, UUID]:
    """Write a contact moment down; the first with the complainant stops the clock of contact."""
    complaint = await locked_for(work, change)
    if contact.party is Party.REPORTER:
        complaint = rules.contacted(complaint, work.now)
        repository.save_complaint(work, complaint)
    contact_id = new_id()
    work.insert(
        contact_moment,
        {
            "id": contact_id,
            "complaint_id": complaint.id,
            "party": contact.party,
            "kind": contact.kind,
            "note": contact.note,
            "actor": change.caller.name,
            "at": work.now,
        },
    )
    return complaint, contact_id


async def assess(change: Change, assessment: Assessment, work: UnitOfWork, desk: Desk) -> Complaint:
    """Establish whether the complaint is justified. Raises Refused."""
    reference = await desk.reference.get(work)
    reference.cause(assessment.cause, work.today)
    complaint = await locked_for(work, change)
    assessed, event = rules.assess(complaint, assessment, work.now)
    repository.save_complaint(work, assessed)
    if assessment.outcome is Outcome.JUSTIFIED and assessed.incident_id is not None:
        await _verify(assessed.incident_id, work)
    repository.note(
        work,
        f"Beoordeeld: {assessment.outcome}",
        complaint_id=assessed.id,
        detail=assessment.cause and reference.cause_name(assessment.cause),
        by=change.caller.name,
    )
    work.publish(event)
    return assessed


async def _verify(incident_id: UUID, work: UnitOfWork) -> None:
    incident = await repository.lock_incident(work, incident_id)
    repository.save_incident(work, incidents.verified(incident))


async def close(change: Change, way: AnswerWay, work: UnitOfWork, desk: Desk) -> Complaint:
    """Answer the complainant, by mail where asked, and close. Raises Refused."""
    complaint = await locked_for(work, change)
    closed, event = rules.close(complaint, way, work.now)
    if way is not AnswerWay.NONE:
        await _answer(complaint, way, work, desk)
    await _finish(closed, f"Afgehandeld, antwoord: {way}", change, work)
    work.publish(event)
    return closed


async def _answer(complaint: Complaint, way: AnswerWay, work: UnitOfWork, desk: Desk) -> None:
    """Keep the answer as a document where we know for whom, and mail it where asked."""
    reference = await desk.reference.get(work)
    about = await _about(complaint, work, desk, reference)
    letter = await answer_letter(complaint, about, work, reference)
    if known := await unsealed(work, complaint.id, desk):
        documents.keep_answer(work, complaint, letter, desk.agency, known.key)
    if way is AnswerWay.MAIL:
        await _mail(complaint, MailKind.ANSWER, letter, work, desk)


async def preview(complaint: Complaint, work: UnitOfWork, desk: Desk) -> Written:
    """The answer as it will be sent, without the name: nobody's data is opened to look at it.

    Raises NotAllowed when there is nothing to answer yet.
    """
    reference = await desk.reference.get(work)
    about = _nameless(complaint, desk, reference)
    return await answer_letter(complaint, about, work, reference)


async def answer_letter(
    complaint: Complaint, about: About, work: UnitOfWork, reference: Reference
) -> Written:
    """What was found and what was done. Raises NotAllowed."""
    if complaint.outcome is None:
        raise NotAllowed("De klacht is nog niet beoordeeld", article="toestandsovergang")
    return letters.answer(
        about,
        complaint.outcome,
        complaint.explanation or "",
        complaint.cause and reference.cause_name(complaint.cause),
        await repository.facts_of(work, complaint.incident_id),
    )


async def _about(complaint: Complaint, work: UnitOfWork, desk: Desk, reference: Reference) -> About:
    known = await unsealed(work, complaint.id, desk)
    name = known.reporter.name if known else None
    return replace(_nameless(complaint, desk, reference), name=name)


def _nameless(complaint: Complaint, desk: Desk, reference: Reference) -> About:
    return About(
        number=complaint.number,
        category=reference.category_name(complaint.category),
        received_on=local_date(complaint.received_at),
        agency=desk.agency,
        name=None,
    )


async def _mail(
    complaint: Complaint, kind: MailKind, letter: Written, work: UnitOfWork, desk: Desk
) -> None:
    known = await unsealed(work, complaint.id, desk)
    if known is None or known.reporter.email is None:
        raise NotAllowed("De gegevens van de melder zijn gewist", article="wijze van antwoord")
    mailing.queue(work, complaint.id, known.key, Mail(kind, known.reporter.email, letter))


async def _finish(finished: Complaint, title: str, change: Change, work: UnitOfWork) -> None:
    repository.save_complaint(work, finished)
    repository.note(work, title, complaint_id=finished.id, by=change.caller.name)
    await _settle(finished, work, open_here=0)


async def _settle(complaint: Complaint, work: UnitOfWork, *, open_here: int) -> None:
    if complaint.incident_id is None:
        return
    incident = await repository.lock_incident(work, complaint.incident_id)
    others = await repository.open_complaints(work, incident.id, but=complaint.id)
    settled = incidents.settled(incident, others + open_here, work.now)
    if settled is not incident:
        repository.save_incident(work, settled)


async def forward(change: Change, to: str, work: UnitOfWork, desk: Desk) -> Complaint:
    """Send on to the competent authority and tell the complainant. Raises Refused."""
    complaint = await locked_for(work, change)
    forwarded, event = rules.forward(complaint, to, work.now)
    if complaint.reachable_by_mail:
        reference = await desk.reference.get(work)
        letter = letters.forwarded(await _about(complaint, work, desk, reference), to)
        await _mail(complaint, MailKind.FORWARDED, letter, work, desk)
    await _finish(forwarded, f"Doorgestuurd naar {to}", change, work)
    work.publish(event)
    return forwarded


async def withdraw(change: Change, work: UnitOfWork) -> Complaint:
    """The complainant takes the complaint back. Raises Refused."""
    complaint = await locked_for(work, change)
    withdrawn, event = rules.withdraw(complaint, work.now)
    await _finish(withdrawn, "Ingetrokken door de melder", change, work)
    work.publish(event)
    return withdrawn


async def reopen(change: Change, reason: str, work: UnitOfWork, desk: Desk) -> Complaint:
    """Take a finished complaint up again; its incident runs again as well. Raises Refused."""
    reference = await desk.reference.get(work)
    complaint = await locked_for(work, change)
    reopened = rules.reopen(complaint, reference.terms_on(work.today), work.now)
    repository.save_complaint(work, reopened)
    repository.note(
        work, "Heropend", complaint_id=reopened.id, detail=reason, by=change.caller.name
    )
    await _settle(reopened, work, open_here=1)
    return reopened
