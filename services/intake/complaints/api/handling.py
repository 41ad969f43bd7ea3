"""What is done to a complaint: link, assign, contact, assess, and the ways in which it ends."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.intake.complaints import queries
from services.intake.complaints.commands import answering, linking
from services.intake.complaints.commands.answering import WithdrawComplaint
from services.intake.complaints.commands.linking import AssignComplaint
from services.intake.complaints.schemas import (
    AssessmentIn,
    ClosingIn,
    ComplaintOut,
    ContactIn,
    ContactOut,
    ForwardIn,
    LinkIn,
    ReasonIn,
)
from services.intake.context import Kit, Reading, Writing
from shared.http.context import ApiWriteContext
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Results

router = APIRouter(prefix="/klachten/{klachtId}", tags=["behandeling"])
ComplaintId = Annotated[UUID, Path(alias="klachtId", description="Identificatie van de klacht")]


async def _changed(complaint_id: UUID, ctx: ApiWriteContext[Kit]) -> Response:
    """The complaint as it now is, with its new ETag."""
    await ctx.work.flush()
    row = await queries.one(complaint_id, ctx)
    return ctx.answer(ComplaintOut.of(row), version=row.version)


@router.post(
    "/koppeling",
    operation_id="koppelKlacht",
    summary="Koppel aan een locatie en een incident",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def link(ctx: Writing, complaint_id: ComplaintId, version: IfMatch, body: LinkIn) -> Response:
    """Koppel aan een locatie en aan een lopend incident daar, of aan een nieuw incident."""
    await linking.link(body.command(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.post(
    "/toewijzing",
    operation_id="neemKlachtInBehandeling",
    summary="Word behandelaar van de klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def assign(ctx: Writing, complaint_id: ComplaintId, version: IfMatch) -> Response:
    """De aanvrager wordt behandelaar."""
    await linking.assign(AssignComplaint(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.get(
    "/contactmomenten",
    operation_id="toonContactmomenten",
    summary="Contactmomenten van een klacht",
    response_model=Results[ContactOut],
)
async def contacts(ctx: Reading, complaint_id: ComplaintId, page: Page) -> Response:
    """Gesprekken en berichten, nieuwste eerst; die met de melder alleen met `melders.lezen`."""
    found = await queries.contacts(complaint_id, page, ctx)
    return listing([ContactOut.of(row) for row in found], page, next_key=found.next_key)


@router.post(
    "/contactmomenten",
    operation_id="legContactmomentVast",
    summary="Leg een contactmoment vast",
    status_code=201,
    response_model=ContactOut,
    responses=problems(409),
)
async def note_contact(ctx: Writing, complaint_id: ComplaintId, body: ContactIn) -> Response:
    """Het eerste contact met de melder stopt de klok van eerste contact."""
    noted = await answering.note_contact(body.command(complaint_id, None), ctx)
    model = ContactOut(
        id=noted.contact_id,
        party=body.party,
        kind=body.kind,
        note=body.note,
        actor=ctx.caller.name,
        at=ctx.now,
    )
    location = f"/intake/v1/klachten/{complaint_id}/contactmomenten"
    return ctx.answer(model, status=201, version=noted.version, location=location)


@router.post(
    "/beoordelingen",
    operation_id="beoordeelKlacht",
    summary="Leg de beoordeling vast",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def assess(
    ctx: Writing, complaint_id: ComplaintId, version: IfMatch, body: AssessmentIn
) -> Response:
    """Gegrond, ongegrond, niet vast te stellen of ter kennisgeving, met oorzaak en toelichting."""
    await answering.assess(body.command(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.post(
    "/afhandeling",
    operation_id="handelKlachtAf",
    summary="Antwoord de melder en sluit de klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def close(
    ctx: Writing, complaint_id: ComplaintId, version: IfMatch, body: ClosingIn
) -> Response:
    """Met antwoordwijze e-mail gaat het antwoord als bericht naar de melder."""
    await answering.close(body.command(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.post(
    "/doorzending",
    operation_id="stuurKlachtDoor",
    summary="Stuur door naar het bevoegd gezag (Awb 2:3)",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def forward(
    ctx: Writing, complaint_id: ComplaintId, version: IfMatch, body: ForwardIn
) -> Response:
    """De melder krijgt daarvan bericht als het e-mailadres bekend is."""
    await answering.forward(body.command(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.post(
    "/intrekking",
    operation_id="trekKlachtIn",
    summary="De melder trekt de klacht in",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def withdraw(ctx: Writing, complaint_id: ComplaintId, version: IfMatch) -> Response:
    """Sluit de klacht omdat de melder haar intrekt."""
    await answering.withdraw(WithdrawComplaint(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)


@router.post(
    "/heropening",
    operation_id="heropenKlacht",
    summary="Heropen een gesloten klacht",
    response_model=ComplaintOut,
    responses=problems(409, 412),
)
async def reopen(
    ctx: Writing, complaint_id: ComplaintId, version: IfMatch, body: ReasonIn
) -> Response:
    """De termijn van terugkoppeling begint opnieuw."""
    await answering.reopen(body.command(complaint_id, version), ctx)
    return await _changed(complaint_id, ctx)
