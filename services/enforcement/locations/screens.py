"""What other pages show of enforcement: at a location, of an incident, and in search."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.context import PageReading
from services.enforcement.inspections import queries as inspections
from services.enforcement.inspections.queries import InspectionRow
from services.enforcement.locations.searching import limits_of
from services.enforcement.presentation import Identity, templates
from services.enforcement.violations import queries as violations
from services.enforcement.violations.queries import ViolationRow
from shared.http.paging import Paging
from shared.product.roles import Scope

router = APIRouter(prefix="/fragmenten")
FEW = Paging(None, 10, "", ())


@router.get("/locaties/{id}")
async def at_location(ctx: PageReading, identity: Identity) -> Response:
    """The inspections and violations at a location."""
    found = await inspections.at_location(identity, ctx)
    may = ctx.caller.may(Scope.ENFORCEMENT_READ)
    return templates.page(
        ctx.request,
        "enforcement/fragment_locatie.html",
        location_id=identity,
        inspections=found,
        violations=await violations.at_location(identity, ctx) if may else [],
    )


@router.get("/zoeken")
async def search(
    ctx: PageReading,
    q: Annotated[str, Query(max_length=200)] = "",
    plaats: Annotated[str, Query(max_length=40)] = "",
) -> Response:
    """Inspections, or for the place of enforcement violations, by number or location."""
    ctx.require(Scope.INSPECTIONS_READ)
    words = limits_of(q)
    found: list[InspectionRow] = []
    cases: list[ViolationRow] = []
    if words and plaats == "Handhaving" and ctx.caller.may(Scope.ENFORCEMENT_READ):
        cases = (await violations.work_list(FEW, ctx, **words)).rows
    elif words:
        found = (await inspections.work_list(FEW, ctx, **words)).rows
    return templates.page(
        ctx.request, "enforcement/fragment_zoeken.html", inspections=found, violations=cases
    )
