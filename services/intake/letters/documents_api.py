"""The answer to a complainant as a file."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.context import LoggedReading
from services.intake.letters import documents
from services.intake.letters.documents import OpenAnswer
from services.intake.reporters.domain import Purpose
from shared.documents.rendering import MEDIA_TYPES, Form, document_response
from shared.http.openapi import problems

router = APIRouter(tags=["melders"])

ComplaintId = Annotated[UUID, Path(alias="klachtId", description="Identificatie van de klacht")]
AskedForm = Annotated[Form, Query(alias="vorm", description="Vorm van het bestand")]
Why = Annotated[Purpose, Query(alias="doel", description="Waarom (doelbinding); wordt vastgelegd")]


_FILE = {
    media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()
}


@router.get(
    "/klachten/{klachtId}/antwoord",
    operation_id="haalAntwoordOp",
    summary="Het antwoord aan de melder als bestand",
    response_class=Response,
    responses={200: {"description": "Het antwoord", "content": _FILE}, **problems(404, 410)},
)
async def answer(
    complaint_id: ComplaintId, why: Why, ctx: LoggedReading, form: AskedForm = Form.PDF
) -> Response:
    """De brief zoals die bij het afhandelen is vastgelegd. Wie keek en waarom wordt vastgelegd."""
    snapshot = await documents.open_answer(OpenAnswer(complaint_id, why), ctx)
    name = documents.file_name(snapshot)
    return await document_response(snapshot, documents.TEMPLATES, form, name=name)
