"""A settlement, to be saved from its page."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.reporting.context import PageReading
from services.reporting.dependencies import SettlementId
from services.reporting.settlements import documents
from services.reporting.settlements.documents import OpenSettlement
from services.reporting.settlements.papers import TEMPLATES
from shared.context import write_context
from shared.documents.rendering import Form, document_response

router = APIRouter()


@router.get("/afrekeningen/{afrekeningId}/document.{vorm}")
async def document(
    ctx: PageReading,
    settlement_id: SettlementId,
    form: Annotated[Form, Path(alias="vorm")],
) -> Response:
    """The file that the API gives."""
    state = ctx.request.app.state
    async with state.db.work(ctx.caller.subject, sight=ctx.sight) as work:
        command = OpenSettlement(settlement_id, state.settings.agency_name)
        snapshot = await documents.open_settlement(command, write_context(work, ctx.caller, None))
    return await document_response(snapshot, TEMPLATES, form, name=documents.file_name(snapshot))
