"""Participants: the overview with its lights, the dashboard, and the lines behind each figure."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.reporting.cases.queries import deliveries
from services.reporting.context import PageReading
from services.reporting.dependencies import ParticipantCode, YearFilter
from services.reporting.participants.queries import participant
from services.reporting.presentation import LIGHTS, percentage, templates, years_until
from services.reporting.prices.pricing import span
from services.reporting.realisation import indicators, queries
from services.reporting.realisation.domain.indicators import Indicator
from services.reporting.realisation.domain.plan import Ratio
from services.reporting.realisation.domain.year import Overview, Realisation
from services.reporting.settlements.queries import of_participant
from services.reporting.weeks.queries import lines as lines_of
from shared.calendar import MONTHS
from shared.http.paging import Page
from shared.product.roles import Scope
from shared.ui.formats import getal, uren
from shared.ui.idempotency import go

router = APIRouter()
ProductQuery = Annotated[str | None, Query(alias="product", max_length=10)]
GROUPS = {
    "geteld": ["goedgekeurd", "gesloten", "verrekend"],
    "wachtend": ["open", "ingediend"],
}
GroupQuery = Annotated[str | None, Query(alias="groep", max_length=10)]


@router.get("/deelnemers")
async def overview(ctx: PageReading, year: YearFilter = None) -> Response:
    """All participants a caller may see, those off plan first; a single one at once."""
    mine = sorted(ctx.sight.participants)
    if len(mine) == 1:
        return go(f"/reporting/deelnemers/{mine[0]}" + (f"?jaar={year}" if year else ""))
    chosen = year or ctx.today.year
    progress, thresholds, rows = await queries.overview(chosen, ctx)
    return templates.page(
        ctx.request,
        "reporting/deelnemers.html",
        year=chosen,
        years=years_until(ctx.today),
        clock=progress,
        limits=thresholds,
        found=sorted(rows, key=_most_off_plan),
        lights=LIGHTS,
        percentage=percentage,
        ratio=Ratio,
        shown=shown,
        indicators=[one for one in await indicators.measured(chosen, ctx) if not one.participant],
    )


def shown(indicator: Indicator, value: int) -> str:
    """A numerator or denominator as people read it."""
    return uren(value) if indicator.definition.unit == "minuten" else getal(value)


def _most_off_plan(row: Overview) -> tuple[Any, ...]:
    share = row.judgement.deviation.percentage
    return (share is None, -abs(share) if share is not None else 0, row.name)


@router.get("/deelnemers/{deelnemerCode}")
async def dashboard(ctx: PageReading, code: ParticipantCode, year: YearFilter = None) -> Response:
    """Are we on plan, what will it cost, and what lies behind it."""
    chosen = year or ctx.today.year
    found = await queries.realisation(code, chosen, ctx)
    mine = [one for one in await indicators.measured(chosen, ctx) if one.participant == code]
    return templates.page(
        ctx.request,
        "reporting/deelnemer.html",
        found=found,
        years=years_until(ctx.today),
        bridge=found.bridge.in_cents(),
        tone=LIGHTS[found.judgement.light],
        percentage=percentage,
        ratio=Ratio,
        indicators=[_summary(one) for one in mine],
        settlements=await of_participant(code, chosen, ctx),
        months=_months(found),
        lines=f"/reporting/deelnemers/{code}/regels?jaar={chosen}",
        delivered=f"/reporting/deelnemers/{code}/producten?jaar={chosen}",
    )


def _summary(one: Indicator) -> dict[str, str]:
    counted = f"{shown(one, one.ratio.numerator)} / {shown(one, one.ratio.denominator)}"
    note = f"{counted}: {one.definition.description}"
    return {"label": one.definition.name, "value": percentage(one.ratio), "note": note}


def _months(found: Realisation) -> list[dict[str, Any]]:
    until = found.progress.until.month if found.progress.until.year == found.year else 12
    return [
        {"label": MONTHS[number].capitalize(), "value": minutes, "text": uren(minutes)}
        for number, minutes in enumerate(found.months[:until])
    ]


@router.get("/deelnemers/{deelnemerCode}/regels")
async def lines(
    ctx: PageReading,
    code: ParticipantCode,
    page: Page,
    year: YearFilter = None,
    product: ProductQuery = None,
    group: GroupQuery = None,
) -> Response:
    """The hour lines behind a figure."""
    ctx.require(Scope.SETTLEMENTS_READ)
    who = await participant(code, ctx)
    chosen = year or ctx.today.year
    rows = await lines_of(
        page,
        ctx,
        participant=code,
        product=product,
        states=GROUPS.get(group or ""),
        **span(chosen),
    )
    return templates.page(
        ctx.request,
        "reporting/regels.html",
        who=who,
        year=chosen,
        group=group,
        product=product,
        lines=rows,
        pseudonyms=ctx.sight.everyone,
        may_correct=ctx.sight.everyone and ctx.caller.may(Scope.BUDGETS_MANAGE),
        next_href=page.next_url(rows.next_key) if rows.next_key else "",
    )


@router.get("/deelnemers/{deelnemerCode}/producten")
async def products(
    ctx: PageReading,
    code: ParticipantCode,
    page: Page,
    year: YearFilter = None,
    product: ProductQuery = None,
) -> Response:
    """The delivered products behind a figure."""
    ctx.require(Scope.SETTLEMENTS_READ)
    who = await participant(code, ctx)
    chosen = year or ctx.today.year
    rows = await deliveries(page, ctx, participant=code, product=product, year=chosen)
    return templates.page(
        ctx.request,
        "reporting/producten.html",
        who=who,
        year=chosen,
        product=product,
        deliveries=rows,
        next_href=page.next_url(rows.next_key) if rows.next_key else "",
    )
