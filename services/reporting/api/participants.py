"""Participants, the catalogue, and the year of a participant."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.api.common import (
    HoursReader,
    ParticipantCode,
    ProductFilter,
    Reviewer,
    YearQuery,
    today,
)
from services.reporting.domain.hours import State
from services.reporting.schemas.hours import LineOut
from services.reporting.schemas.reference import ParticipantOut, ProductOut
from services.reporting.schemas.results import RealisationOut
from services.reporting.views import hours, realisation, reference, years
from shared.http.dependencies import Db, Reading
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Wire

router = APIRouter(tags=["Deelnemers en producten"])


class Participants(Wire):
    """Participants."""

    results: tuple[ParticipantOut, ...]


class Products(Wire):
    """Products."""

    results: tuple[ProductOut, ...]


class Lines(Wire):
    """Hour lines."""

    results: tuple[LineOut, ...]


@router.get(
    "/deelnemers",
    summary="Lijst deelnemers",
    operation_id="lijstDeelnemers",
    response_model=Participants,
)
async def participants(caller: HoursReader, rows: Reading) -> Response:
    """De deelnemers van de dienst; een deelnemer ziet alleen zichzelf."""
    found = await reference.participants(rows, caller.participant_filter)
    return answer(Participants(results=tuple(ParticipantOut.of(row) for row in found)))


@router.get(
    "/deelnemers/{code}",
    summary="Lees een deelnemer",
    operation_id="leesDeelnemer",
    response_model=ParticipantOut,
    responses=problems(403, 404),
)
async def participant(caller: HoursReader, code: ParticipantCode, rows: Reading) -> Response:
    """Een deelnemer."""
    caller.require_participant(code)
    return answer(ParticipantOut.of(await reference.participant(rows, code)))


@router.get(
    "/deelnemers/{code}/realisatie",
    summary="Lees de realisatie van een deelnemer",
    operation_id="leesRealisatie",
    response_model=RealisationOut,
    responses=problems(403, 404, 409),
)
async def year(
    caller: Reviewer, code: ParticipantCode, year: YearQuery, rows: Reading, db: Db
) -> Response:
    """Begroting tegenover werkelijkheid, met prognose, verkeerslicht en brug."""
    caller.require_participant(code)
    return answer(RealisationOut.of(await realisation.realisation(rows, code, year, today(db))))


@router.get(
    "/deelnemers/{code}/realisatie/regels",
    summary="Lijst urenregels achter de realisatie",
    operation_id="lijstRealisatieregels",
    response_model=Lines,
    responses=problems(403, 404),
)
async def lines(
    caller: Reviewer,
    code: ParticipantCode,
    year: YearQuery,
    rows: Reading,
    page: Page,
    product: ProductFilter = None,
    state: Annotated[State | None, Query(alias="status", description="Status")] = None,
) -> Response:
    """De urenregels waaruit de cijfers van de realisatie bestaan."""
    caller.require_participant(code)
    await years.participant_of(rows, code)
    filters = {"participant": code, "product": product, "state": state, **years.span(year)}
    found, next_key = await hours.LINES.page(rows, page, filters)
    items = [LineOut.of(row, pseudonym=caller.sees_all) for row in found]
    return listing(items, page, next_key=next_key)


@router.get(
    "/producten", summary="Lijst producten", operation_id="lijstProducten", response_model=Products
)
async def products(caller: HoursReader, rows: Reading, db: Db) -> Response:
    """De producten- en dienstencatalogus van vandaag, met de geldende kentallen."""
    found = await reference.products(rows, today(db))
    return answer(Products(results=tuple(ProductOut.of(row) for row in found)))
