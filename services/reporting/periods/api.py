"""De afsluiting van een maand, en de correctie van wat is afgesloten."""

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Writing
from services.reporting.dependencies import LineId
from services.reporting.periods import commands
from services.reporting.periods.schemas import CorrectionIn, MonthIn, MonthOut
from services.reporting.weeks.schemas import WeekLinesOut
from shared.http.openapi import problems

router = APIRouter(tags=["Urenregels en maandafsluiting"])


@router.post(
    "/urenregels/{urenregelId}/correcties",
    summary="Corrigeer een afgesloten urenregel",
    operation_id="corrigeerUrenregel",
    status_code=201,
    response_model=WeekLinesOut,
    responses=problems(400, 403, 404, 409),
)
async def correct(line_id: LineId, body: CorrectionIn, ctx: Writing) -> Response:
    """Boek een afgesloten regel tegen, en boek wat het had moeten zijn, in de lopende week."""
    week = await commands.correct(body.command(line_id), ctx)
    where = f"/reporting/v1/weekstaten/{week.sheet.id}"
    model = WeekLinesOut.of_detail(week)
    return ctx.answer(model, status=201, version=week.sheet.version, location=where)


@router.post(
    "/maandafsluitingen",
    summary="Sluit een maand af",
    operation_id="sluitMaandAf",
    status_code=201,
    response_model=MonthOut,
    responses=problems(400, 403, 409),
)
async def close(body: MonthIn, ctx: Writing) -> Response:
    """Sluit een maand, en wat ervoor ligt, voorgoed af."""
    return ctx.answer(MonthOut.of(await commands.close(body.command(), ctx)), status=201)
