"""Cases to book on, and the products they delivered."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.cases import queries as views
from services.reporting.cases.schemas import CaseOut, DeliveryOut
from services.reporting.dependencies import (
    HoursReader,
    ParticipantFilter,
    ProductFilter,
    YearFilter,
)
from services.reporting.realisation import years
from shared.http.dependencies import Reading
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Text, Wire

router = APIRouter(tags=["Zaken en producten"])
CaseKind = Literal["klacht", "controle", "handhavingsmaatregel"]


class Cases(Wire):
    """Cases."""

    results: tuple[CaseOut, ...]


class Deliveries(Wire):
    """Delivered products."""

    results: tuple[DeliveryOut, ...]


@router.get("/zaken", summary="Zoek zaken", operation_id="zoekZaken", response_model=Cases)
async def cases(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    number: Annotated[
        Text | None, Query(alias="nummer", description="Begin van het nummer")
    ] = None,
    kind: Annotated[CaseKind | None, Query(alias="zaaktype", description="Soort zaak")] = None,
    participant: ParticipantFilter = None,
    location_id: Annotated[UUID | None, Query(alias="locatieId", description="Locatie")] = None,
) -> Response:
    """Klachten, controles en maatregelen waarop uren geboekt kunnen worden, nieuwste eerst."""
    if participant is not None:
        caller.require_participant(participant)
    filters = {
        "participants": caller.participant_filter,
        "participant": participant,
        "kind": kind,
        "number": views.escaped(number) if number else None,
        "location_id": location_id,
    }
    found, next_key = await views.CASES.page(rows, page, filters)
    return listing([CaseOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/geleverde-producten",
    summary="Lijst geleverde producten",
    operation_id="lijstGeleverdeProducten",
    response_model=Deliveries,
)
async def deliveries(
    caller: HoursReader,
    rows: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    product: ProductFilter = None,
    year: YearFilter = None,
) -> Response:
    """Producten die uit gebeurtenissen zijn geteld, elk een keer."""
    if participant is not None:
        caller.require_participant(participant)
    span = years.span(year) if year else {}
    filters = {
        "participants": caller.participant_filter,
        "participant": participant,
        "product": product,
        **span,
    }
    found, next_key = await views.DELIVERIES.page(rows, page, filters)
    return listing([DeliveryOut.of(row) for row in found], page, next_key=next_key)
