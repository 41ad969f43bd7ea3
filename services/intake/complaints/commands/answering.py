"""Contact, assessment and answer: what the complainant gets to hear, and when it is done."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.complaints import store
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import AnswerWay, Assessment, Complaint
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.context import Ctx, ReadCtx
from services.intake.incidents import commands as incidents
from services.intake.incidents import queries as incident_facts
from services.intake.letters import commands as mailing
from services.intake.letters import documents
from services.intake.letters.commands import Mail
from services.intake.letters.domain import letters
from services.intake.letters.domain.letters import About, Written
from services.intake.letters.domain.mail import MailKind
from services.intake.reference.domain.lists import Reference
from services.intake.reporters import commands as reporters
from services.intake.reporters.commands import Unsealed
from services.intake.timeline.commands import Note, note
from shared.clock import local_date
from shared.contracts.intake import Outcome
from shared.errors import NotAllowed
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class NoteContact:
    """With whom, how, and what was said."""

    complaint_id: UUID
    version: int | None
    party: Party
    kind: ContactKind
    note: str


@dataclass(frozen=True, slots=True)
class ContactNoted:
    """The contact moment, and the version that the complaint has now."""

    contact_id: UUID
    version: int


@dataclass(frozen=True, slots=True)
class AssessComplaint:
    """What the agency established."""

    complaint_id: UUID
    version: int | None
    outcome: Outcome
    cause: str | None
    explanation: str


@dataclass(frozen=True, slots=True)
class CloseComplaint:
    """How the complainant hears the outcome; None when that was done in another system."""

    complaint_id: UUID
    version: int | None
    way: AnswerWay | None


@dataclass(frozen=True, slots=True)
class ForwardComplaint:
    """Which authority is competent."""

    complaint_id: UUID
    version: int | None
    to: str


@dataclass(frozen=True, slots=True)
class WithdrawComplaint:
    """The complainant does not want it any more."""

    complaint_id: UUID
    version: int | None


@dataclass(frozen=True, slots=True)
class ReopenComplaint:
    """Why it has to be looked at again."""

    complaint_id: UUID
    version: int | None
    reason: str


async def note_contact(command: NoteContact, ctx: Ctx) -> ContactNoted:
    """Write a contact moment down; the first with the complainant stops the clock of contact."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    if command.party is Party.REPORTER:
        complaint = rules.contacted(complaint, ctx.now)
        store.save(ctx.work, complaint)
    contact_id = new_id()
    store.add_contact(
        ctx.work,
        contact_id,
        complaint.id,
        party=command.party,
        kind=command.kind,
        note=command.note,
        actor=ctx.caller.name,
    )
    return ContactNoted(contact_id, complaint.version)


async def assess(command: AssessComplaint, ctx: Ctx) -> Complaint:
    """Establish whether the complaint is justified. Raises Refused."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    day = ctx.today if ctx.source is None else reference.since_lists_began(ctx.today)
    cause = reference.cause(command.cause, day)
    assessment = Assessment(command.outcome, command.cause, command.explanation)
    assessed, event = rules.assess(complaint, assessment, ctx.now)
    store.save(ctx.work, assessed)
    store.keep_act(ctx.work, assessed)
    if assessed.outcome is Outcome.JUSTIFIED and assessed.incident_id is not None:
        await incidents.verify(assessed.incident_id, ctx)
    _tell(f"Beoordeeld: {command.outcome}", assessed, ctx, detail=cause.name if cause else None)
    ctx.work.publish(event)
    return assessed


async def close(command: CloseComplaint, ctx: Ctx) -> Complaint:
    """Answer the complainant, by mail where asked, and close. Raises Refused."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    closed, event = rules.close(complaint, command.way, ctx.now)
    if command.way is None:
        # Only an import closes what was answered elsewhere: no letter goes out of here.
        await _finish(closed, f"Afgehandeld in {ctx.source}", ctx)
    else:
        if command.way is not AnswerWay.NONE:
            await _give_answer(complaint, command.way, ctx)
        await _finish(closed, f"Afgehandeld, antwoord: {command.way}", ctx)
    ctx.work.publish(event)
    return closed


async def _give_answer(complaint: Complaint, way: AnswerWay, ctx: Ctx) -> None:
    """Keep the answer as a document where we know for whom, and mail it where asked."""
    known = await reporters.unsealed(complaint.id, ctx)
    letter = await _answer(complaint, known.reporter.name if known else None, ctx)
    kept = None
    if known:
        kept = documents.keep_answer(ctx.work, complaint, letter, ctx.kit.agency, known.key)
    if way is AnswerWay.MAIL:
        _mail(complaint, MailKind.ANSWER, letter, known, ctx, attached=kept)


async def preview(complaint_id: UUID, ctx: ReadCtx) -> Written:
    """The answer as it will be sent, without the name: nobody's data is opened to look at it.

    Raises NotAllowed when there is nothing to answer yet.
    """
    ctx.require(Scope.COMPLAINTS_READ)
    return await _answer(await store.read(ctx.rows, complaint_id, ctx.sight), None, ctx)


async def forward(command: ForwardComplaint, ctx: Ctx) -> Complaint:
    """Send on to the competent authority and tell the complainant. Raises Refused."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    forwarded, event = rules.forward(complaint, command.to, ctx.now)
    if complaint.reachable_by_mail:
        known = await reporters.unsealed(complaint.id, ctx)
        reference = await ctx.kit.reference.get(ctx.rows)
        about = _about(complaint, known.reporter.name if known else None, reference, ctx)
        letter = letters.forwarded(about, command.to)
        _mail(complaint, MailKind.FORWARDED, letter, known, ctx)
    await _finish(forwarded, f"Doorgestuurd naar {command.to}", ctx)
    ctx.work.publish(event)
    return forwarded


async def withdraw(command: WithdrawComplaint, ctx: Ctx) -> Complaint:
    """The complainant takes the complaint back. Raises Refused."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    withdrawn, event = rules.withdraw(complaint, ctx.now)
    await _finish(withdrawn, "Ingetrokken door de melder", ctx)
    ctx.work.publish(event)
    return withdrawn


async def reopen(command: ReopenComplaint, ctx: Ctx) -> Complaint:
    """Take a finished complaint up again; its incident runs again as well. Raises Refused."""
    complaint = await _locked(command.complaint_id, command.version, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    reopened, event = rules.reopen(complaint, reference.terms_on(ctx.today), ctx.now)
    store.save(ctx.work, reopened)
    store.keep_act(ctx.work, reopened)
    _tell("Heropend", reopened, ctx, detail=command.reason)
    await _settle(reopened, ctx)
    ctx.work.publish(event)
    return reopened


async def _locked(complaint_id: UUID, version: int | None, ctx: Ctx) -> Complaint:
    ctx.require(Scope.COMPLAINTS_WRITE)
    return await store.lock(ctx.work, complaint_id, ctx.sight, version=version)


async def _answer(complaint: Complaint, name: str | None, ctx: ReadCtx) -> Written:
    """What was found and what was done. Raises NotAllowed."""
    if complaint.outcome is None:
        raise NotAllowed("De klacht is nog niet beoordeeld", article="toestandsovergang")
    reference = await ctx.kit.reference.get(ctx.rows)
    return letters.answer(
        _about(complaint, name, reference, ctx),
        complaint.outcome,
        complaint.explanation or "",
        complaint.cause and reference.cause_name(complaint.cause),
        await incident_facts.facts_of(ctx.rows, complaint.incident_id),
    )


def _about(complaint: Complaint, name: str | None, reference: Reference, ctx: ReadCtx) -> About:
    return About(
        number=complaint.number,
        category=reference.category_name(complaint.category),
        received_on=local_date(complaint.received_at),
        agency=ctx.kit.agency,
        name=name,
    )


def _mail(
    complaint: Complaint,
    kind: MailKind,
    letter: Written,
    known: Unsealed | None,
    ctx: Ctx,
    *,
    attached: UUID | None = None,
) -> None:
    """Raises NotAllowed when nobody is left to write to."""
    if known is None or known.reporter.email is None:
        raise NotAllowed("De gegevens van de melder zijn gewist", article="wijze van antwoord")
    mail = Mail(complaint.id, kind, known.reporter.email, letter, attached)
    mailing.queue(mail, known.key, ctx.work)


async def _finish(finished: Complaint, title: str, ctx: Ctx) -> None:
    store.save(ctx.work, finished)
    store.keep_act(ctx.work, finished)
    _tell(title, finished, ctx)
    await _settle(finished, ctx)


def _tell(title: str, complaint: Complaint, ctx: Ctx, *, detail: str | None = None) -> None:
    told = Note(title=title, by=ctx.caller.name, complaint_id=complaint.id, detail=detail)
    note(told, ctx.work)


async def _settle(complaint: Complaint, ctx: Ctx) -> None:
    if complaint.incident_id is not None:
        await incidents.settle(complaint.incident_id, ctx)
