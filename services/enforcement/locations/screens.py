"""What other pages show of enforcement: at a location, of an incident, and in search."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.enforcement.filters import like
from services.enforcement.inspections import queries as inspections
from services.enforcement.rendering import Identity, InspectionViewer, templates
from services.enforcement.violations import queries as violations
from shared.db.rows import Row
from shared.http.dependencies import Reading
from shared.http.paging import Paging
from shared.product.roles import Scope

router = APIRouter(prefix="/fragmenten")
FEW = Paging(None, 10, "", ())


@router.get("/locaties/{id}")
async def at_location(
    request: Request, caller: InspectionViewer, rows: Reading, identity: Identity
) -> Response:
    """The inspections and violations at a location."""
    visible = caller.participant_filter
    may = caller.may(Scope.ENFORCEMENT_READ)
    return templates.page(
        request,
        "enforcement/fragment_locatie.html",
        location_id=identity,
        inspections=await inspections.at_location(rows, identity, visible),
        violations=await violations.at_location(rows, identity, visible) if may else [],
    )


@router.get("/zoeken")
async def search(
    request: Request,
    caller: InspectionViewer,
    rows: Reading,
    q: Annotated[str, Query(max_length=200)] = "",
    plaats: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Inspections, or for the place of enforcement violations, by number or location."""
    words = like(q)
    visible = caller.participant_filter
    found: list[Row] = []
    cases: list[Row] = []
    if words and plaats == "Handhaving" and caller.may(Scope.ENFORCEMENT_READ):
        cases, _ = await violations.work_list(rows, visible, {"like": words}, FEW)
    elif words:
        found, _ = await inspections.work_list(rows, visible, {"like": words}, FEW)
    return templates.page(
        request, "enforcement/fragment_zoeken.html", inspections=found, violations=cases
    )
