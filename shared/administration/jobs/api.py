"""Jobs by the API of each service."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from shared.administration.jobs import commands
from shared.administration.jobs.commands import CancelJob, RetryJob
from shared.administration.jobs.schemas import JobOut
from shared.context import ReadContext
from shared.http.context import ApiWriteContext, reading, writing
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.jobs import standing
from shared.jobs.states import JobState
from shared.product.roles import Scope

router = APIRouter(tags=["taken"])

Reading = Annotated[ReadContext[Any], reading()]
Writing = Annotated[ApiWriteContext[Any], writing()]
JobId = Annotated[UUID, Path(alias="taakId", description="Identificatie van de taak")]


@router.get(
    "/taken",
    operation_id="toonTaken",
    summary="Taken",
    response_model=Results[JobOut],
)
async def listed(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[JobState, Query(description="Status")] = JobState.FAILED,
    kind: Annotated[
        str | None, Query(alias="soort", max_length=60, pattern="^[a-z-]+$", description="Soort")
    ] = None,
) -> Response:
    """Taken in een status, de laatst gevraagde eerst; zonder keuze de mislukte."""
    ctx.require(Scope.JOBS_MANAGE)
    ctx.require_agency()
    found = await standing.listed(ctx.rows, page, states=[status], kind=kind)
    return listing([JobOut.of(row) for row in found], page, next_key=found.next_key)


@router.get("/taken/{taakId}", operation_id="toonTaak", summary="Een taak", response_model=JobOut)
async def one(job_id: JobId, ctx: Reading) -> Response:
    """Hoe ver zij is. Wie om een taak vroeg, ziet haar; een beheerder ziet alle."""
    return answer(JobOut.of(await commands.one(job_id, ctx)))


@router.post(
    "/taken/{taakId}/annulering",
    operation_id="annuleerTaak",
    summary="Annuleer een taak",
    response_model=JobOut,
    responses=problems(409),
)
async def cancel(request: Request, job_id: JobId, ctx: Writing) -> Response:
    """Een taak die wacht is meteen geannuleerd; een die loopt na de stap waarmee zij bezig is."""
    found = await commands.cancel(CancelJob(job_id), ctx, request.app.state.jobs)
    return ctx.answer(JobOut.of(found))


@router.post(
    "/taken/{taakId}/nieuwe-poging",
    operation_id="probeerTaakOpnieuw",
    summary="Probeer een taak opnieuw",
    response_model=JobOut,
    responses=problems(409),
)
async def retry(request: Request, job_id: JobId, ctx: Writing) -> Response:
    """Meteen, vanaf waar zij was: een mislukte, een geannuleerde, of een die wacht op haar tijd."""
    found = await commands.retry(RetryJob(job_id), ctx, request.app.state.jobs)
    return ctx.answer(JobOut.of(found))
