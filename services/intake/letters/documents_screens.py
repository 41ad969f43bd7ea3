"""The answer to a complainant, to be saved from the page of the complaint."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.intake.letters import documents
from services.intake.letters.documents import HasVault, OpenAnswer
from services.intake.reporters.domain import Purpose
from shared.context import write_context
from shared.db.database import Database
from shared.documents.rendering import Form, document_response
from shared.ui.context import PageReadContext, page_reading

router = APIRouter()


@router.get("/klachten/{id}/antwoord.{vorm}")
async def answer(
    ctx: Annotated[PageReadContext[HasVault], page_reading()],
    identity: Annotated[UUID, Path(alias="id")],
    form: Annotated[Form, Path(alias="vorm")],
) -> Response:
    """The letter; that it was opened is written down."""
    db: Database = ctx.request.app.state.db
    async with db.work(ctx.caller.subject, ctx.sight) as work:
        command = OpenAnswer(identity, Purpose.HANDLING)
        context = write_context(work, ctx.caller, ctx.kit)
        snapshot = await documents.open_answer(command, context)
    name = f"antwoord-{snapshot.values['klachtnummer']}"
    return await document_response(snapshot, documents.TEMPLATES, form, name=name)
