"""Who complained: read for a purpose, erase, and see who looked."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints import queries as views
from services.intake.complaints.commands.linking import Change
from services.intake.complaints.schemas.handling import ProcessingOut
from services.intake.dependencies import AtDesk, ComplaintId, ReaderOfReporters
from services.intake.reporters import commands as reporters
from services.intake.reporters.domain import Purpose
from services.intake.reporters.schemas import ReporterOut, out
from shared.http.dependencies import IfMatch, Reading, Writing
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["melders"])

Why = Annotated[Purpose, Query(alias="doel", description="Waarom (doelbinding); wordt vastgelegd")]


@router.get(
    "/klachten/{klacht_id}/melder",
    operation_id="toonMelder",
    summary="Wie er klaagde",
    response_model=ReporterOut,
)
async def read(
    caller: ReaderOfReporters, klacht_id: ComplaintId, why: Why, work: Writing, desk: AtDesk
) -> Response:
    """Persoonsgegevens van de melder. Wie keek, wanneer en waarom wordt vastgelegd."""
    found = await reporters.read_reporter(klacht_id, why, caller, work, desk)
    return answer(
        ReporterOut(
            name=found.name, phone=found.phone, email=found.email, reachable=found.reachable
        )
    )


@router.delete(
    "/klachten/{klacht_id}/melder",
    operation_id="wisMelder",
    summary="Wis de persoonsgegevens",
    status_code=204,
    response_class=Response,
    responses=problems(412),
)
async def erase(
    caller: ReaderOfReporters,
    klacht_id: ComplaintId,
    version: IfMatch,
    why: Why,
    work: Writing,
) -> Response:
    """De sleutel wordt vernietigd: gegevens en brieven zijn nergens meer leesbaar."""
    caller.require(Scope.COMPLAINTS_WRITE)
    await reporters.erase_reporter(Change(klacht_id, version, caller), why, work)
    return Response(status_code=204)


@router.get(
    "/klachten/{klacht_id}/verwerkingen",
    operation_id="toonVerwerkingen",
    summary="Wie de persoonsgegevens gebruikte",
    response_model=Results[ProcessingOut],
)
async def log(
    caller: ReaderOfReporters, klacht_id: ComplaintId, rows: Reading, page: Page
) -> Response:
    """Het verwerkingenlogboek van een klacht, nieuwste eerst."""
    await views.one(rows, klacht_id, caller.participant_filter)
    found = await views.processing_log(rows, klacht_id)
    return listing([out(ProcessingOut, row) for row in found], page)
