"""Policy as data: versions of the matrix, and the mandate register."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.context import Reading, Writing
from services.enforcement.parameters import ByParticipant, MatrixId
from services.enforcement.policy import commands, queries
from services.enforcement.policy.schemas import (
    ActivationIn,
    MandateIn,
    MandateOut,
    MatrixIn,
    MatrixOut,
)
from shared.contracts.enforcement import Instrument
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["beleid"])


@router.get(
    "/lhso-matrices",
    operation_id="toonMatrices",
    summary="Versies van de LHSO-matrix",
    response_model=Results[MatrixOut],
)
async def matrices(ctx: Reading, page: Page) -> Response:
    """De geldende versie eerst; het label waarschuwt zolang cellen niet zijn nagegaan."""
    found = await queries.matrices(ctx)
    return listing([MatrixOut.of(row) for row in found[: page.limit]], page)


@router.get(
    "/lhso-matrices/{matrixId}",
    operation_id="toonMatrix",
    summary="Een versie van de LHSO-matrix",
    response_model=MatrixOut,
)
async def matrix(matrix_id: MatrixId, ctx: Reading) -> Response:
    """Een versie, met haar versienummer in de ETag."""
    row = await queries.matrix_row(matrix_id, ctx)
    return answer(MatrixOut.of(row), version=row.version)


@router.post(
    "/lhso-matrices",
    operation_id="stelMatrixOp",
    summary="Stel een nieuwe versie van de matrix op",
    status_code=201,
    response_model=MatrixOut,
    responses=problems(409),
)
async def draw_up(body: MatrixIn, ctx: Writing) -> Response:
    """Een concept met alle 16 cellen; een ander stelt het vast."""
    drawn = await commands.draw_up(body.command(), ctx)
    await ctx.work.flush()
    row = await queries.matrix_row(drawn.id, ctx, Scope.MANDATES_MANAGE)
    location = f"/enforcement/v1/lhso-matrices/{drawn.id}"
    return ctx.answer(MatrixOut.of(row), status=201, version=drawn.version, location=location)


@router.post(
    "/lhso-matrices/{matrixId}/activering",
    operation_id="activeerMatrix",
    summary="Stel een versie van de matrix vast",
    response_model=MatrixOut,
    responses=problems(409, 412),
)
async def adopt(
    matrix_id: MatrixId, version: IfMatch, body: ActivationIn, ctx: Writing
) -> Response:
    """Door een ander dan de opsteller. Lopende zaken houden de versie waarmee zij begonnen."""
    await commands.adopt(body.command(matrix_id, version), ctx)
    await ctx.work.flush()
    row = await queries.matrix_row(matrix_id, ctx, Scope.MANDATES_MANAGE)
    return ctx.answer(MatrixOut.of(row), version=row.version)


@router.get(
    "/mandaten",
    operation_id="toonMandaten",
    summary="Het mandaatregister",
    response_model=Results[MandateOut],
)
async def mandates(
    *,
    ctx: Reading,
    page: Page,
    deelnemer: ByParticipant = None,
    bevoegdheid: Annotated[Instrument | None, Query(description="De bevoegdheid")] = None,
) -> Response:
    """Per deelnemer en bevoegdheid, met geldigheid en uitsluitingen."""
    found = await queries.register(page, ctx, participant=deelnemer, power=bevoegdheid)
    return listing([MandateOut.of(row) for row in found], page, next_key=found.next_key)


@router.post(
    "/mandaten",
    operation_id="registreerMandaat",
    summary="Voeg een mandaat toe aan het register",
    status_code=201,
    response_model=MandateOut,
    responses=problems(409),
)
async def register(body: MandateIn, ctx: Writing) -> Response:
    """Een wijziging is een nieuwe regel met een eigen geldigheid."""
    registered = await commands.register_mandate(body.command(), ctx)
    return ctx.answer(MandateOut.of(registered), status=201, version=registered.version)
