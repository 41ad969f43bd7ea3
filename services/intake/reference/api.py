"""The lists to choose from, as they are valid today."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.context import Reading
from services.intake.paging import paged
from services.intake.reference.schemas import CategoryOut
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["referentielijsten"])


@router.get(
    "/categorieen",
    operation_id="toonCategorieen",
    summary="Categorieën van klachten",
    response_model=Results[CategoryOut],
)
async def categories(ctx: Reading, page: Page) -> Response:
    """De categorieën die vandaag gelden."""
    ctx.require(Scope.COMPLAINTS_READ)
    reference = await ctx.kit.reference.get(ctx.rows)
    found = paged(reference.categories_on(ctx.today), page, lambda entry: entry.code)
    return listing([CategoryOut.of(entry) for entry in found], page, next_key=found.next_key)


@router.get(
    "/oorzaken",
    operation_id="toonOorzaken",
    summary="Oorzaken van overlast",
    response_model=Results[CategoryOut],
)
async def causes(ctx: Reading, page: Page) -> Response:
    """De oorzaken die vandaag gelden."""
    ctx.require(Scope.COMPLAINTS_READ)
    reference = await ctx.kit.reference.get(ctx.rows)
    found = paged(reference.causes_on(ctx.today), page, lambda entry: entry.code)
    return listing([CategoryOut.of(entry) for entry in found], page, next_key=found.next_key)
