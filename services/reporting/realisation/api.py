"""Het jaar van een deelnemer, en de indicatoren."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.context import Reading
from services.reporting.dependencies import (
    ParticipantCode,
    ParticipantFilter,
    ProductFilter,
    YearQuery,
)
from services.reporting.participants.queries import participant as participant_of
from services.reporting.prices.pricing import span
from services.reporting.realisation import indicators, queries
from services.reporting.realisation.schemas import IndicatorOut, Indicators, RealisationOut
from services.reporting.weeks.domain import LineState
from services.reporting.weeks.queries import lines as lines_of
from services.reporting.weeks.schemas import LineOut, Lines
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.product.roles import Scope

router = APIRouter(tags=["Realisatie"])


@router.get(
    "/deelnemers/{deelnemerCode}/realisatie",
    summary="Lees de realisatie van een deelnemer",
    operation_id="toonRealisatie",
    response_model=RealisationOut,
    responses=problems(403, 404, 409),
)
async def year(code: ParticipantCode, year: YearQuery, ctx: Reading) -> Response:
    """Begroting tegenover werkelijkheid, met prognose, verkeerslicht en brug."""
    return answer(RealisationOut.of(await queries.realisation(code, year, ctx)))


@router.get(
    "/deelnemers/{deelnemerCode}/realisatie/regels",
    summary="Lijst urenregels achter de realisatie",
    operation_id="toonRealisatieregels",
    response_model=Lines,
    responses=problems(403, 404),
)
async def lines(
    code: ParticipantCode,
    year: YearQuery,
    ctx: Reading,
    page: Page,
    product: ProductFilter = None,
    state: Annotated[LineState | None, Query(alias="status", description="Status")] = None,
) -> Response:
    """De urenregels waaruit de cijfers van de realisatie bestaan."""
    ctx.require(Scope.SETTLEMENTS_READ)
    await participant_of(code, ctx)
    rows = await lines_of(page, ctx, participant=code, product=product, state=state, **span(year))
    items = [LineOut.of(row, pseudonym=ctx.sight.everyone) for row in rows]
    return listing(items, page, next_key=rows.next_key)


@router.get("/kpis", summary="Lijst KPI's", operation_id="toonKpis", response_model=Indicators)
async def kpis(year: YearQuery, ctx: Reading, participant: ParticipantFilter = None) -> Response:
    """Indicatoren met teller en noemer; zonder deelnemer die van de hele dienst erbij."""
    if participant is not None:
        ctx.require_participant(participant)
    shown = [
        IndicatorOut.of(each)
        for each in await indicators.measured(year, ctx)
        if participant is None or each.participant == participant
    ]
    return answer(Indicators(results=tuple(shown)))
