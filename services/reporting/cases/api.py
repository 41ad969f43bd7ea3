"""Zaken om op te boeken, en de producten die zij leverden."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.cases import queries
from services.reporting.cases.schemas import CaseOut, Cases, Deliveries, DeliveryOut
from services.reporting.context import Reading
from services.reporting.dependencies import ParticipantFilter, ProductFilter, YearFilter
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Text

router = APIRouter(tags=["Zaken en producten"])
CaseKind = Literal["klacht", "controle", "handhavingsmaatregel"]


@router.get("/zaken", summary="Zoek zaken", operation_id="toonZaken", response_model=Cases)
async def cases(
    ctx: Reading,
    page: Page,
    number: Annotated[
        Text | None, Query(alias="nummer", description="Begin van het nummer")
    ] = None,
    kind: Annotated[CaseKind | None, Query(alias="zaaktype", description="Soort zaak")] = None,
    participant: ParticipantFilter = None,
    location_id: Annotated[UUID | None, Query(alias="locatieId", description="Locatie")] = None,
) -> Response:
    """Klachten, controles en maatregelen waarop uren geboekt kunnen worden, nieuwste eerst."""
    rows = await queries.cases(
        page, ctx, number=number, kind=kind, participant=participant, location_id=location_id
    )
    return listing([CaseOut.of(row) for row in rows], page, next_key=rows.next_key)


@router.get(
    "/geleverde-producten",
    summary="Lijst geleverde producten",
    operation_id="toonGeleverdeProducten",
    response_model=Deliveries,
)
async def deliveries(
    ctx: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    product: ProductFilter = None,
    year: YearFilter = None,
) -> Response:
    """Producten die uit gebeurtenissen zijn geteld, elk een keer."""
    rows = await queries.deliveries(page, ctx, participant=participant, product=product, year=year)
    return listing([DeliveryOut.of(row) for row in rows], page, next_key=rows.next_key)
