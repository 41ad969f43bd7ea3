"""The catalogue of today."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.dependencies import HoursReader, today
from services.reporting.products import queries as products_queries
from services.reporting.products.schemas import ProductOut
from shared.http.dependencies import Db, Reading
from shared.http.responses import answer
from shared.http.schema import Wire

router = APIRouter(tags=["Deelnemers en producten"])


class Products(Wire):
    """Products."""

    results: tuple[ProductOut, ...]


@router.get(
    "/producten", summary="Lijst producten", operation_id="lijstProducten", response_model=Products
)
async def products(caller: HoursReader, rows: Reading, db: Db) -> Response:
    """De producten- en dienstencatalogus van vandaag, met de geldende kentallen."""
    found = await products_queries.products(rows, today(db))
    return answer(Products(results=tuple(ProductOut.of(row) for row in found)))
