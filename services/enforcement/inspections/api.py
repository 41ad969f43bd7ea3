"""Inspections: plan, list, read, record findings, complete."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.enforcement.context import Ctx, Reading, Writing
from services.enforcement.inspections import commands, queries
from services.enforcement.inspections.domain import InspectionState
from services.enforcement.inspections.schemas import (
    CompletionIn,
    FindingIn,
    FindingOut,
    InspectionFileOut,
    InspectionIn,
    InspectionOut,
    TopicOut,
)
from services.enforcement.parameters import (
    ByIncident,
    ByLocation,
    ByParticipant,
    ByViolation,
    InspectionId,
)
from services.enforcement.policy import queries as policy
from shared.contracts.enforcement import InspectionKind
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["controles"])
ROOT = "/enforcement/v1/controles"


async def file_of(inspection_id: UUID, ctx: Ctx) -> InspectionFileOut:
    """The inspection as the command left it."""
    await ctx.work.flush()
    row = await queries.one(inspection_id, ctx, Scope.INSPECTIONS_WRITE)
    return InspectionFileOut.build(row, await queries.findings(row, ctx.rows))


@router.post(
    "/controles",
    operation_id="planControle",
    summary="Plan een controle",
    status_code=201,
    response_model=InspectionOut,
    responses=problems(409),
)
async def plan(body: InspectionIn, ctx: Writing) -> Response:
    """Plant een controle op een locatie; een hercontrole noemt de overtreding."""
    planned = await commands.plan(body.command(), ctx)
    await ctx.work.flush()
    row = await queries.one(planned.id, ctx, Scope.INSPECTIONS_WRITE)
    return ctx.answer(
        InspectionOut.of(row), status=201, version=row.version, location=f"{ROOT}/{row.id}"
    )


@router.get(
    "/controles",
    operation_id="toonControles",
    summary="Werkvoorraad van controles",
    response_model=Results[InspectionOut],
)
async def work_list(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[list[InspectionState] | None, Query(description="Statussen")] = None,
    soort: Annotated[InspectionKind | None, Query(description="Controletype")] = None,
    deelnemer: ByParticipant = None,
    locatie_id: ByLocation = None,
    incident_id: ByIncident = None,
    overtreding_id: ByViolation = None,
) -> Response:
    """Geplande controles op datum, daarna uitgevoerde controles, de laatste eerst."""
    found = await queries.work_list(
        page,
        ctx,
        states=status or None,
        kind=soort,
        participant=deelnemer,
        location_id=locatie_id,
        incident_id=incident_id,
        violation_id=overtreding_id,
    )
    return listing([InspectionOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/controles/{controleId}",
    operation_id="toonControle",
    summary="Een controle met haar bevindingen",
    response_model=InspectionFileOut,
)
async def one(inspection_id: InspectionId, ctx: Reading) -> Response:
    """Een controle, met de versie in de ETag."""
    row = await queries.one(inspection_id, ctx)
    findings = await queries.findings(row, ctx.rows)
    return answer(InspectionFileOut.build(row, findings), version=row.version)


@router.post(
    "/controles/{controleId}/bevindingen",
    operation_id="legBevindingVast",
    summary="Leg een bevinding vast",
    status_code=201,
    response_model=FindingOut,
    responses=problems(409),
)
async def record(inspection_id: InspectionId, body: FindingIn, ctx: Writing) -> Response:
    """Voegt een bevinding toe; de ETag is de nieuwe versie van de controle.

    Bij een hercontrole gaat een bevinding over de bekende overtreding, tenzij
    `nieuweOvertreding` waar is.
    """
    changed, kept = await commands.record(body.recording(inspection_id), ctx)
    found = await file_of(changed.id, ctx)
    (out,) = (each for each in found.findings if each.sequence == kept.sequence)
    location = f"{ROOT}/{inspection_id}"
    return ctx.answer(out, status=201, version=found.version, location=location)


@router.put(
    "/controles/{controleId}/bevindingen/{volgnummer}",
    operation_id="verbeterBevinding",
    summary="Verbeter een bevinding die nog niet vastligt",
    response_model=InspectionFileOut,
    responses=problems(409, 412),
)
async def correct(
    inspection_id: InspectionId,
    volgnummer: Annotated[int, Path(ge=1, le=10_000, description="Volgnummer")],
    version: IfMatch,
    body: FindingIn,
    ctx: Writing,
) -> Response:
    """Vervangt een bevinding; kan tot de controle is afgerond."""
    await commands.correct(body.correction(inspection_id, volgnummer, version), ctx)
    found = await file_of(inspection_id, ctx)
    return ctx.answer(found, version=found.version)


@router.post(
    "/controles/{controleId}/afronding",
    operation_id="rondControleAf",
    summary="Rond een controle af",
    response_model=InspectionFileOut,
    responses=problems(409, 412),
)
async def complete(
    inspection_id: InspectionId, version: IfMatch, body: CompletionIn, ctx: Writing
) -> Response:
    """De bevindingen liggen daarna vast; elke nieuwe overtreding krijgt een nummer.

    Een hercontrole die herstel vaststelt, sluit de overtreding en haar maatregelen.
    """
    await commands.complete(body.command(inspection_id, version), ctx)
    found = await file_of(inspection_id, ctx)
    return ctx.answer(found, version=found.version)


@router.get(
    "/controle-onderwerpen",
    operation_id="toonControleonderwerpen",
    summary="Waarover een bevinding kan gaan",
    response_model=Results[TopicOut],
)
async def topics(ctx: Reading, page: Page) -> Response:
    """De referentielijst met controle-onderwerpen."""
    found = await policy.topics(ctx)
    return listing([TopicOut.of(row) for row in found[: page.limit]], page)
