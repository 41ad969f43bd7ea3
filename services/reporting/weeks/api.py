"""Weekstaten: openen, vullen, indienen en beoordelen; en de urenregels van alle weken."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.context import Reading, Writing
from services.reporting.dependencies import ParticipantFilter, ProductFilter, SheetId
from services.reporting.fields import Week
from services.reporting.weeks import commands, queries
from services.reporting.weeks.commands import ApproveWeek, SubmitWeek
from services.reporting.weeks.domain import LineState, State, monday_of
from services.reporting.weeks.queries import WeekDetail
from services.reporting.weeks.schemas import (
    LineOut,
    Lines,
    LinesIn,
    ReasonIn,
    WeekIn,
    WeekLinesOut,
    WeekOut,
    Weeks,
)
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Day

router = APIRouter(tags=["Weekstaten"])
StateFilter = Annotated[State | None, Query(alias="status", description="Status")]
LineStateFilter = Annotated[LineState | None, Query(alias="status", description="Status")]


@router.get(
    "/weekstaten", summary="Lijst weekstaten", operation_id="toonWeekstaten", response_model=Weeks
)
async def weeks(
    ctx: Reading,
    page: Page,
    week: Annotated[Week | None, Query(alias="week", description="ISO-week, als 2026-W48")] = None,
    employee: Annotated[
        UUID | None, Query(alias="medewerker", description="Pseudoniem van de medewerker")
    ] = None,
    state: StateFilter = None,
) -> Response:
    """De eigen weekstaten, nieuwste eerst; wie goedkeurt ziet die van iedereen."""
    monday = monday_of(week) if week else None
    rows = await queries.weeks(page, ctx, employee=employee, starts_on=monday, state=state)
    return listing([WeekOut.of(row) for row in rows], page, next_key=rows.next_key)


@router.post(
    "/weekstaten",
    summary="Open een weekstaat",
    operation_id="maakWeekstaat",
    status_code=201,
    response_model=WeekLinesOut,
    responses=problems(400, 403, 409),
)
async def open_week(body: WeekIn, ctx: Writing) -> Response:
    """Een lege weekstaat voor uzelf."""
    week = await commands.open_week(body.command(), ctx)
    where = f"/reporting/v1/weekstaten/{week.sheet.id}"
    return ctx.answer(WeekLinesOut.of_detail(week), status=201, version=1, location=where)


@router.get(
    "/weekstaten/{weekstaatId}",
    summary="Lees een weekstaat",
    operation_id="toonWeekstaat",
    response_model=WeekLinesOut,
    responses=problems(403, 404),
)
async def week(sheet_id: SheetId, ctx: Reading) -> Response:
    """Een weekstaat met haar regels."""
    found = await queries.week(sheet_id, ctx)
    return answer(WeekLinesOut.of_detail(found), version=found.sheet.version)


@router.put(
    "/weekstaten/{weekstaatId}",
    summary="Vul een weekstaat",
    operation_id="vulWeekstaat",
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def fill(sheet_id: SheetId, body: LinesIn, version: IfMatch, ctx: Writing) -> Response:
    """Alle regels van een open weekstaat, in plaats van wat er stond."""
    return _answer(ctx, await commands.fill(body.command(sheet_id, version), ctx))


@router.post(
    "/weekstaten/{weekstaatId}/indiening",
    summary="Dien een weekstaat in",
    operation_id="dienWeekstaatIn",
    response_model=WeekLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def submit(sheet_id: SheetId, version: IfMatch, ctx: Writing) -> Response:
    """Dien de week in ter goedkeuring."""
    return _answer(ctx, await commands.submit(SubmitWeek(sheet_id, version), ctx))


@router.post(
    "/weekstaten/{weekstaatId}/goedkeuring",
    summary="Keur een weekstaat goed",
    operation_id="keurWeekstaatGoed",
    response_model=WeekLinesOut,
    responses=problems(403, 404, 409, 412),
)
async def approve(sheet_id: SheetId, version: IfMatch, ctx: Writing) -> Response:
    """Keur de week van een ander goed."""
    return _answer(ctx, await commands.approve(ApproveWeek(sheet_id, version), ctx))


@router.post(
    "/weekstaten/{weekstaatId}/afwijzing",
    summary="Wijs een weekstaat af",
    operation_id="wijsWeekstaatAf",
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409, 412),
)
async def reject(sheet_id: SheetId, body: ReasonIn, version: IfMatch, ctx: Writing) -> Response:
    """Stuur de week van een ander terug, met de reden."""
    return _answer(ctx, await commands.reject(body.command(sheet_id, version), ctx))


@router.get(
    "/urenregels", summary="Lijst urenregels", operation_id="toonUrenregels", response_model=Lines
)
async def lines(
    ctx: Reading,
    page: Page,
    participant: ParticipantFilter = None,
    product: ProductFilter = None,
    case_id: Annotated[UUID | None, Query(alias="zaakId", description="Zaak")] = None,
    state: LineStateFilter = None,
    first: Annotated[Day | None, Query(alias="vanaf", description="Eerste boekdag")] = None,
    after: Annotated[Day | None, Query(alias="tot", description="Tot deze boekdag")] = None,
) -> Response:
    """Urenregels, nieuwste eerst; een deelnemer ziet de eigen, een medewerker de eigen uren."""
    rows = await queries.lines(
        page,
        ctx,
        participant=participant,
        product=product,
        case_id=case_id,
        state=state,
        first=first,
        after=after,
    )
    items = [LineOut.of(row, pseudonym=ctx.sight.everyone) for row in rows]
    return listing(items, page, next_key=rows.next_key)


def _answer(ctx: Writing, week: WeekDetail) -> Response:
    return ctx.answer(WeekLinesOut.of_detail(week), version=week.sheet.version)
