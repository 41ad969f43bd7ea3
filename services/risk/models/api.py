"""The operations on risk models: propose one, and let another person activate it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.context import Ctx, Reading, Writing
from services.risk.dependencies import ModelId
from services.risk.models import commands, queries
from services.risk.models.schemas import ActivationIn, ModelIn, ModelOut
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter()


@router.get(
    "/risicomodellen",
    operation_id="toonRisicomodellen",
    summary="Risicomodellen",
    response_model=Results[ModelOut],
    tags=["risicomodellen"],
)
async def models(ctx: Reading, page: Page) -> Response:
    """Alle versies, nieuwste eerst: concept, actief en vervallen."""
    rows, next_key = await queries.models(page, ctx)
    return listing([ModelOut.of(row) for row in rows], page, next_key=next_key)


@router.post(
    "/risicomodellen",
    operation_id="stelRisicomodelVoor",
    summary="Stel een risicomodel voor",
    status_code=201,
    response_model=ModelOut,
    responses=problems(409),
    tags=["risicomodellen"],
)
async def propose(body: ModelIn, ctx: Writing) -> Response:
    """Een concept: het gaat pas gelden als een ander het activeert (vier ogen)."""
    model_id = await commands.propose(body.command(), ctx)
    where = f"/risk/v1/risicomodellen/{model_id}"
    model = await _stored(model_id, ctx)
    return ctx.answer(model, status=201, version=model.version, location=where)


@router.get(
    "/risicomodellen/{modelId}",
    operation_id="toonRisicomodel",
    summary="Een risicomodel",
    response_model=ModelOut,
    tags=["risicomodellen"],
)
async def model(ctx: Reading, model_id: ModelId) -> Response:
    """Een versie met al haar parameters."""
    row = await queries.model(model_id, ctx)
    return answer(ModelOut.of(row), version=row.version)


@router.post(
    "/risicomodellen/{modelId}/activering",
    operation_id="activeerRisicomodel",
    summary="Laat een risicomodel gelden",
    response_model=ModelOut,
    responses=problems(409, 412),
    tags=["risicomodellen"],
)
async def activate(
    model_id: ModelId, version: IfMatch, body: ActivationIn, ctx: Writing
) -> Response:
    """Het model rekent eerst alle locaties door; tot dan gelden de oude scores overal."""
    await commands.activate(body.command(model_id, version), ctx)
    model = await _stored(model_id, ctx)
    return ctx.answer(model, version=model.version)


async def _stored(model_id: UUID, ctx: Ctx) -> ModelOut:
    await ctx.work.flush()
    return ModelOut.of(await queries.model(model_id, ctx))
