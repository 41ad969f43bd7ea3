"""Contact moments, assessment and the ways in which a complaint ends."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.complaints import queries as views
from services.intake.complaints.commands import answering
from services.intake.complaints.commands.answering import Contact
from services.intake.complaints.commands.linking import Change
from services.intake.complaints.domain.complaint import Assessment
from services.intake.complaints.domain.contact import Party
from services.intake.complaints.schemas.complaints import ComplaintOut
from services.intake.complaints.schemas.handling import (
    AssessmentIn,
    ClosingIn,
    ContactIn,
    ContactOut,
    ForwardIn,
    ReasonIn,
)
from services.intake.dependencies import (
    AtDesk,
    Changing,
    ComplaintId,
    ReaderOfComplaints,
    WriterOfComplaints,
    changed,
)
from services.intake.reporters.schemas import out
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(prefix="/klachten/{klacht_id}", tags=["behandeling"])


@router.get(
    "/contactmomenten",
    operation_id="toonContactmomenten",
    summary="Contactmomenten van een klacht",
    response_model=Results[ContactOut],
)
async def contacts(
    caller: ReaderOfComplaints, klacht_id: ComplaintId, rows: Reading, page: Page
) -> Response:
    """Gesprekken en berichten, nieuwste eerst; die met de melder alleen met `melders.lezen`."""
    await views.one(rows, klacht_id, caller.participant_filter)
    found = await views.contacts(rows, klacht_id)
    whole = caller.may(Scope.REPORTERS_READ)
    shown = [row for row in found if whole or row["party"] != Party.REPORTER]
    return listing([out(ContactOut, row) for row in shown], page)


@router.post(
    "/contactmomenten",
    operation_id="legContactmomentVast",
    summary="Leg een contactmoment vast",
    status_code=201,
    response_model=ContactOut,
    responses=problems(409),
)
async def note_contact(
    caller: WriterOfComplaints,
    klacht_id: ComplaintId,
    body: ContactIn,
    work: Writing,
    once: Once,
) -> Response:
    """Het eerste contact met de melder stopt de klok van eerste contact."""
    contact = Contact(body.party, body.kind, body.note)
    change = Change(klacht_id, None, caller)
    complaint, contact_id = await answering.note_contact(change, contact, work)
    noted = ContactOut(
        id=contact_id,
        party=body.party,
        kind=body.kind,
        note=body.note,
        actor=caller.name,
        at=work.now,
    )
    location = f"/intake/v1/klachten/{klacht_id}/contactmomenten"
    return once.answer(work, noted, version=complaint.version, location=location)


@router.post(
    "/beoordelingen",
    operation_id="beoordeelKlacht",
    summary="Leg de beoordeling vast",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def assess(change: Changing, body: AssessmentIn, work: Writing, desk: AtDesk) -> Response:
    """Gegrond, ongegrond, niet vast te stellen of ter kennisgeving, met oorzaak en toelichting."""
    assessment = Assessment(body.outcome, body.cause, body.explanation)
    await answering.assess(change, assessment, work, desk)
    return await changed(work, change)


@router.post(
    "/afhandeling",
    operation_id="handelKlachtAf",
    summary="Antwoord de melder en sluit de klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def close(change: Changing, body: ClosingIn, work: Writing, desk: AtDesk) -> Response:
    """Met antwoordwijze e-mail gaat het antwoord als bericht naar de melder."""
    await answering.close(change, body.way, work, desk)
    return await changed(work, change)


@router.post(
    "/doorzending",
    operation_id="stuurKlachtDoor",
    summary="Stuur door naar het bevoegd gezag (Awb 2:3)",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def forward(change: Changing, body: ForwardIn, work: Writing, desk: AtDesk) -> Response:
    """De melder krijgt daarvan bericht als het e-mailadres bekend is."""
    await answering.forward(change, body.forwarded_to, work, desk)
    return await changed(work, change)


@router.post(
    "/intrekking",
    operation_id="trekKlachtIn",
    summary="De melder trekt de klacht in",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def withdraw(change: Changing, work: Writing) -> Response:
    """Sluit de klacht omdat de melder haar intrekt."""
    await answering.withdraw(change, work)
    return await changed(work, change)


@router.post(
    "/heropening",
    operation_id="heropenKlacht",
    summary="Heropen een gesloten klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def reopen(change: Changing, body: ReasonIn, work: Writing, desk: AtDesk) -> Response:
    """De termijn van terugkoppeling begint opnieuw."""
    await answering.reopen(change, body.reason, work, desk)
    return await changed(work, change)
