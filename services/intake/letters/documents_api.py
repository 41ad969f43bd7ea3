"""The answer to a complainant as a file."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from services.intake.letters import documents
from services.intake.letters.documents import HasVault, OpenAnswer
from services.intake.reporters.domain import Purpose
from shared.auth.api import BearerScheme, caller_of_request
from shared.context import WriteContext, write_context
from shared.db.database import Database
from shared.documents.rendering import MEDIA_TYPES, Form, document_response
from shared.http.openapi import problems

router = APIRouter(tags=["melders"])

ComplaintId = Annotated[UUID, Path(description="Identificatie van de klacht")]
AskedForm = Annotated[Form, Query(alias="vorm", description="Vorm van het bestand")]
Why = Annotated[Purpose, Query(alias="doel", description="Waarom (doelbinding); wordt vastgelegd")]


class _Logged(BearerScheme):
    """A read that is written down: its answer holds personal data, so no repeat may keep it."""

    async def __call__(self, request: Request) -> AsyncIterator[WriteContext[HasVault]]:
        caller = await caller_of_request(request)
        db: Database = request.app.state.db
        async with db.work(caller.subject, caller.sight) as work:
            yield write_context(work, caller, request.app.state.kit)


Logged = Annotated[WriteContext[HasVault], Depends(_Logged(), scope="function")]
_FILE = {
    media: {"schema": {"type": "string", "format": "binary"}} for media in MEDIA_TYPES.values()
}


@router.get(
    "/klachten/{klacht_id}/antwoord",
    operation_id="haalAntwoordOp",
    summary="Het antwoord aan de melder als bestand",
    response_class=Response,
    responses={200: {"description": "Het antwoord", "content": _FILE}, **problems(404, 410)},
)
async def answer(
    klacht_id: ComplaintId, why: Why, ctx: Logged, form: AskedForm = Form.PDF
) -> Response:
    """De brief zoals die bij het afhandelen is vastgelegd. Wie keek en waarom wordt vastgelegd."""
    snapshot = await documents.open_answer(OpenAnswer(klacht_id, why), ctx)
    name = f"antwoord-{snapshot.values['klachtnummer']}"
    return await document_response(snapshot, documents.TEMPLATES, form, name=name)
