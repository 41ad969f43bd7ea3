"""A settlement as a file."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.reporting.context import Ctx
from services.reporting.dependencies import SettlementId
from services.reporting.settlements import documents
from services.reporting.settlements.documents import OpenSettlement
from services.reporting.settlements.papers import TEMPLATES
from shared.documents.rendering import MEDIA_TYPES, Form, document_response
from shared.http.context import recorded_reading
from shared.http.openapi import problems

router = APIRouter(tags=["Afrekeningen"])


# A read that may keep what it made.
Opening = Annotated[Ctx, recorded_reading()]
AskedForm = Annotated[Form, Query(alias="vorm", description="Vorm van het bestand")]
_FILE = {
    media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()
}


@router.get(
    "/afrekeningen/{afrekeningId}/document",
    summary="Een afrekening als bestand",
    operation_id="haalAfrekeningOp",
    response_class=Response,
    responses={200: {"description": "De afrekening", "content": _FILE}, **problems(403, 404)},
)
async def document(
    request: Request, settlement_id: SettlementId, ctx: Opening, form: AskedForm = Form.PDF
) -> Response:
    """PDF, werkblad, pagina of tekst; van een vastgestelde afrekening altijd dezelfde bytes."""
    agency: str = request.app.state.settings.agency_name
    snapshot = await documents.open_settlement(OpenSettlement(settlement_id, agency), ctx)
    return await document_response(snapshot, TEMPLATES, form, name=documents.file_name(snapshot))
