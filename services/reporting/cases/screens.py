"""What the pages of other services show of reporting: the hours on a case."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.cases import queries
from services.reporting.context import PageReading
from services.reporting.dependencies import CaseId
from services.reporting.presentation import templates

router = APIRouter()


@router.get("/fragmenten/zaken/{zaakId}")
async def hours_on_case(case_id: CaseId, ctx: PageReading) -> Response:
    """The hours on a case, and the products it delivered."""
    found = await queries.hours_on_case(case_id, ctx)
    return templates.page(
        ctx.request,
        "reporting/fragment_zaak.html",
        case=found.case,
        hours=found.hours,
        minutes=found.minutes,
        delivered=found.delivered,
    )


@router.get("/fragmenten/zoeken")
async def search(ctx: PageReading, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The hours on the case with that number."""
    found = await queries.hours_on_number(q.replace("\x00", "").strip(), ctx)
    return templates.page(
        ctx.request, "reporting/fragment_zoeken.html", case=found.case, minutes=found.minutes
    )
