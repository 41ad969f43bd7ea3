"""Participants, the catalogue, and the year of a participant."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.dependencies import (
    ParticipantCode,
    ProductFilter,
    Reviewer,
    YearQuery,
    today,
)
from services.reporting.realisation import queries as realisation
from services.reporting.realisation import years
from services.reporting.realisation.schemas import RealisationOut
from services.reporting.weeks import queries as hours
from services.reporting.weeks.domain import State
from services.reporting.weeks.schemas import LineOut
from shared.http.dependencies import Db, Reading
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Wire

router = APIRouter(tags=["Deelnemers en producten"])


class Lines(Wire):
    """Hour lines."""

    results: tuple[LineOut, ...]


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
