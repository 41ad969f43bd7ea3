"""De producten- en dienstencatalogus."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Reading
from services.reporting.products.queries import products_of
from services.reporting.products.schemas import ProductOut, Products
from shared.http.responses import answer

router = APIRouter(tags=["Deelnemers en producten"])


@router.get(
    "/producten", summary="Lijst producten", operation_id="toonProducten", response_model=Products
)
async def products(ctx: Reading) -> Response:
    """De producten- en dienstencatalogus van vandaag, met de geldende kentallen."""
    rows = await products_of(ctx.today, ctx)
    return answer(Products(results=tuple(ProductOut.of(row) for row in rows)))
