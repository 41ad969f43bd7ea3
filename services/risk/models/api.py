"""The doors of risk models: propose one, and let another person activate it."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.dependencies import ModelId, Modeller, Viewer
from services.risk.models import commands, queries
from services.risk.models.schemas import ActivationIn, ModelIn, ModelOut
from shared.db.rows import Rows
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.idempotency import Once
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
async def models(caller: Viewer, rows: Reading, page: Page) -> Response:
    """Alle versies, nieuwste eerst: concept, actief en vervallen."""
    found, next_key = await queries.models(rows, page)
    return listing([ModelOut.of(row) for row in found], page, next_key=next_key)


@router.post(
    "/risicomodellen",
    operation_id="stelRisicomodelVoor",
    summary="Stel een risicomodel voor",
    status_code=201,
    response_model=ModelOut,
    responses=problems(409),
    tags=["risicomodellen"],
)
async def propose(caller: Modeller, body: ModelIn, work: Writing, once: Once) -> Response:
    """Een concept: het gaat pas gelden als een ander het activeert (vier ogen)."""
    model_id = await commands.propose_model(
        body.model_version, body.description, body.parameters.stored(), caller, work
    )
    await work.flush()
    where = f"/risk/v1/risicomodellen/{model_id}"
    return once.answer(work, await _shown(work, model_id), version=1, location=where)


@router.get(
    "/risicomodellen/{modelId}",
    operation_id="toonRisicomodel",
    summary="Een risicomodel",
    response_model=ModelOut,
    tags=["risicomodellen"],
)
async def model(caller: Viewer, model_id: ModelId, rows: Reading) -> Response:
    """Een versie met al haar parameters."""
    found = await _shown(rows, model_id)
    return answer(found, version=found.version)


@router.post(
    "/risicomodellen/{modelId}/activering",
    operation_id="activeerRisicomodel",
    summary="Laat een risicomodel gelden",
    response_model=ModelOut,
    responses=problems(409, 412),
    tags=["risicomodellen"],
)
async def activate(
    caller: Modeller, model_id: ModelId, version: IfMatch, body: ActivationIn, work: Writing
) -> Response:
    """De uitleg bij een locatie volgt meteen dit model; de lijst is binnen minuten herrekend."""
    await commands.activate_model(model_id, version, body.decision_reference, caller, work)
    await work.flush()
    found = await _shown(work, model_id)
    return answer(found, version=found.version)


async def _shown(rows: Rows, model_id: UUID) -> ModelOut:
    return ModelOut.of(await rows.one(queries.MODEL, "Dit risicomodel", id=model_id))
