"""Who complained: read for a purpose, erase, and see who looked."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.complaints.commands import erasing
from services.intake.complaints.commands.erasing import EraseReporter
from services.intake.context import LoggedReading, Reading, Writing
from services.intake.reporters import commands, queries
from services.intake.reporters.commands import ReadReporter
from services.intake.reporters.domain import Purpose
from services.intake.reporters.schemas import ProcessingOut, ReporterOut
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["melders"])

ComplaintId = Annotated[UUID, Path(alias="klachtId", description="Identificatie van de klacht")]
Why = Annotated[Purpose, Query(alias="doel", description="Waarom (doelbinding); wordt vastgelegd")]


@router.get(
    "/klachten/{klachtId}/melder",
    operation_id="toonMelder",
    summary="Wie er klaagde",
    response_model=ReporterOut,
)
async def read(ctx: LoggedReading, complaint_id: ComplaintId, why: Why) -> Response:
    """Persoonsgegevens van de melder. Wie keek, wanneer en waarom wordt vastgelegd."""
    return answer(ReporterOut.of(await commands.read(ReadReporter(complaint_id, why), ctx)))


@router.delete(
    "/klachten/{klachtId}/melder",
    operation_id="wisMelder",
    summary="Wis de persoonsgegevens",
    status_code=204,
    response_class=Response,
    responses=problems(412),
)
async def erase(ctx: Writing, complaint_id: ComplaintId, version: IfMatch, why: Why) -> Response:
    """De sleutel wordt vernietigd: gegevens en brieven zijn nergens meer leesbaar."""
    await erasing.erase(EraseReporter(complaint_id, version, why), ctx)
    return ctx.no_content()


@router.get(
    "/klachten/{klachtId}/verwerkingen",
    operation_id="toonVerwerkingen",
    summary="Wie de persoonsgegevens gebruikte",
    response_model=Results[ProcessingOut],
)
async def log(ctx: Reading, complaint_id: ComplaintId, page: Page) -> Response:
    """Het verwerkingenlogboek van een klacht, nieuwste eerst."""
    found = await queries.log(complaint_id, page, ctx)
    return listing([ProcessingOut.of(row) for row in found], page, next_key=found.next_key)
