"""Violations: list, read, position, advise, and what follows from them."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.context import Reading, Writing
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections import queries as inspection_queries
from services.enforcement.inspections.schemas import InspectionOut, ReinspectionIn
from services.enforcement.measures import commands as measures
from services.enforcement.measures import queries as measure_queries
from services.enforcement.measures.schemas import MeasureIn, MeasureOut
from services.enforcement.parameters import ByIncident, ByLocation, ByParticipant, ViolationId
from services.enforcement.policy import queries as policy
from services.enforcement.violations import commands, queries, recidivism
from services.enforcement.violations.domain import ViolationState
from services.enforcement.violations.schemas import (
    AdviceOut,
    AspectListOut,
    CellName,
    PositionIn,
    PositionOut,
    ViolationFileOut,
    ViolationOut,
)
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["overtredingen"])


@router.get(
    "/overtredingen",
    operation_id="toonOvertredingen",
    summary="Werkvoorraad van overtredingen",
    response_model=Results[ViolationOut],
)
async def work_list(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[list[ViolationState] | None, Query(description="Statussen")] = None,
    cel: Annotated[CellName | None, Query(description="Cel van de matrix, zoals B3")] = None,
    deelnemer: ByParticipant = None,
    locatie_id: ByLocation = None,
    incident_id: ByIncident = None,
) -> Response:
    """Open overtredingen, wat het eerst fout gaat bovenaan; daarna herstelde."""
    found = await queries.work_list(
        page,
        ctx,
        states=status or None,
        cell=cel,
        participant=deelnemer,
        location_id=locatie_id,
        incident_id=incident_id,
    )
    return listing([ViolationOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/overtredingen/{overtredingId}",
    operation_id="toonOvertreding",
    summary="Een overtreding met haar dossier",
    response_model=ViolationFileOut,
)
async def one(violation_id: ViolationId, ctx: Reading) -> Response:
    """Posities, maatregelen en lopende termijnen; met de versie in de ETag."""
    row = await queries.one(violation_id, ctx)
    found = ViolationFileOut.build(
        row,
        await queries.positions(row, ctx.rows),
        await measure_queries.of_violation(row, ctx.rows),
        await measure_queries.clocks_of_violation(row, ctx.today, ctx.rows),
    )
    return answer(found, version=row.version)


@router.post(
    "/overtredingen/{overtredingId}/positioneringen",
    operation_id="positioneerOvertreding",
    summary="Geef de overtreding haar plaats in de LHSO-matrix",
    status_code=201,
    response_model=PositionOut,
    responses=problems(409, 412),
)
async def position(
    violation_id: ViolationId, version: IfMatch, body: PositionIn, ctx: Writing
) -> Response:
    """De ETag is de nieuwe versie van de overtreding. Een andere cel vraagt een motivering."""
    placed, kept = await commands.position(body.command(violation_id, version), ctx)
    await ctx.work.flush()
    rows = await queries.positions(placed, ctx.rows)
    (out,) = (PositionOut.of(row) for row in rows if row.sequence == kept.sequence)
    location = f"/enforcement/v1/overtredingen/{placed.id}"
    return ctx.answer(out, status=201, version=placed.version, location=location)


@router.get(
    "/overtredingen/{overtredingId}/advies",
    operation_id="toonAdvies",
    summary="Het advies van de cel",
    response_model=AdviceOut,
)
async def advice(violation_id: ViolationId, ctx: Reading) -> Response:
    """De interventies van de cel, of eerder is opgetreden, en vergelijkbare zaken."""
    row = await queries.one(violation_id, ctx)
    matrix = await policy.matrix_for(row.matrix_version, ctx.rows)
    suggestion = await recidivism.suggestion_for(row, ctx.today, ctx.rows)
    comparable = await queries.comparable(row, ctx)
    return answer(AdviceOut.of(row.cell, matrix, suggestion, comparable))


@router.post(
    "/overtredingen/{overtredingId}/handhavingsmaatregelen",
    operation_id="kiesMaatregel",
    summary="Kies een maatregel",
    status_code=201,
    response_model=MeasureOut,
    responses=problems(409, 412),
)
async def choose(
    violation_id: ViolationId, version: IfMatch, body: MeasureIn, ctx: Writing
) -> Response:
    """Volgens het advies van de cel, of daarvan afwijkend met een motivering (Awb 4:84)."""
    chosen = await measures.choose(body.command(violation_id, version), ctx)
    await ctx.work.flush()
    row = await measure_queries.one(chosen.id, ctx, Scope.ENFORCEMENT_WRITE)
    location = f"/enforcement/v1/handhavingsmaatregelen/{chosen.id}"
    return ctx.answer(MeasureOut.of(row), status=201, version=row.version, location=location)


@router.post(
    "/overtredingen/{overtredingId}/hercontroles",
    operation_id="planHercontrole",
    summary="Plan een hercontrole",
    status_code=201,
    response_model=InspectionOut,
    responses=problems(409),
)
async def plan_again(violation_id: ViolationId, body: ReinspectionIn, ctx: Writing) -> Response:
    """Een nieuwe controle die aan deze overtreding is gekoppeld."""
    planned = await inspections.plan_again(body.command(violation_id), ctx)
    await ctx.work.flush()
    row = await inspection_queries.one(planned.id, ctx, Scope.INSPECTIONS_WRITE)
    location = f"/enforcement/v1/controles/{planned.id}"
    return ctx.answer(InspectionOut.of(row), status=201, version=row.version, location=location)


@router.get(
    "/lhso-aspecten",
    operation_id="toonAspecten",
    summary="Verzwarende en verzachtende aspecten",
    response_model=Results[AspectListOut],
)
async def aspects(ctx: Reading, page: Page) -> Response:
    """De referentielijst met aspecten."""
    found = await policy.aspects(ctx)
    return listing([AspectListOut.of(row) for row in found[: page.limit]], page)
