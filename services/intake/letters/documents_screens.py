"""The answer to a complainant, to be saved from the page of the complaint."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.intake.context import PageReading
from services.intake.letters import documents
from services.intake.letters.documents import OpenAnswer
from services.intake.presentation import Identity
from services.intake.reporters.domain import Purpose
from shared.context import write_context
from shared.db.database import Database
from shared.documents.rendering import Form, document_response

router = APIRouter()


@router.get("/klachten/{id}/antwoord.{vorm}")
async def answer(
    ctx: PageReading,
    identity: Identity,
    form: Annotated[Form, Path(alias="vorm")],
) -> Response:
    """The letter; that it was opened is written down."""
    db: Database = ctx.request.app.state.db
    async with db.work(ctx.caller.subject, sight=ctx.sight) as work:
        command = OpenAnswer(identity, Purpose.HANDLING)
        context = write_context(work, ctx.caller, ctx.kit)
        snapshot = await documents.open_answer(command, context)
    name = documents.file_name(snapshot)
    return await document_response(snapshot, documents.TEMPLATES, form, name=name)
