"""What the pages of other services show of reporting: the hours on a case."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.reporting.cases import queries as cases
from services.reporting.presentation import HoursReader, Identity, templates
from shared.http.dependencies import Db

router = APIRouter()


@router.get("/fragmenten/zaken/{id}")
async def hours_on_case(
    request: Request, caller: HoursReader, db: Db, identity: Identity
) -> Response:
    """The hours on a case, and the products it delivered."""
    async with db.read() as rows:
        case = await cases.case(rows, identity)
        if case is not None:
            caller.require_participant(case["participant"])
        hours = await cases.hours_on(rows, identity) if case else []
        delivered = await cases.delivered_by(rows, identity) if case else []
    return templates.page(
        request,
        "reporting/fragment_zaak.html",
        case=case,
        hours=hours,
        minutes=sum(row["minutes"] for row in hours),
        delivered=delivered,
    )


@router.get("/fragmenten/zoeken")
async def search(
    request: Request,
    caller: HoursReader,
    db: Db,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """The hours on the case with that number."""
    words = q.replace("\x00", "").strip()
    async with db.read() as rows:
        case = await cases.case_by_number(rows, words) if words else None
        if case is not None and not caller.sees(case["participant"]):
            case = None
        hours = await cases.hours_on(rows, case["id"]) if case else []
    return templates.page(
        request,
        "reporting/fragment_zoeken.html",
        case=case,
        minutes=sum(row["minutes"] for row in hours),
    )
