"""Participants: the overview with its lights, the dashboard, and the lines behind each figure."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.reporting.cases import queries as cases
from services.reporting.presentation import (
    LIGHTS,
    ParticipantCode,
    Reviewer,
    YearQuery,
    percentage,
    templates,
    years_until,
)
from services.reporting.realisation import indicators as kpis
from services.reporting.realisation import queries as realisation
from services.reporting.realisation import years
from services.reporting.realisation.domain import Ratio
from services.reporting.settlements import queries as settled
from services.reporting.weeks import queries as hours
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.db.rows import Row, Rows
from shared.http.dependencies import Db
from shared.http.paging import Page
from shared.product.roles import Scope
from shared.ui.formats import MONTHS, getal, uren
from shared.ui.idempotency import go

router = APIRouter()
ProductQuery = Annotated[str | None, Query(alias="product", max_length=10)]
GROUPS = {
    "geteld": ["goedgekeurd", "gesloten", "verrekend"],
    "wachtend": ["open", "ingediend"],
}
GroupQuery = Annotated[str | None, Query(alias="groep", max_length=10)]


@router.get("/deelnemers")
async def overview(request: Request, caller: Reviewer, db: Db, year: YearQuery = None) -> Response:
    """All participants a caller may see, those off plan first; a single one at once."""
    mine = caller.participant_filter or []
    if len(mine) == 1:
        return go(f"/reporting/deelnemers/{mine[0]}" + (f"?jaar={year}" if year else ""))
    today = local_date(db.clock.now())
    chosen = year or today.year
    async with db.read() as rows:
        codes = caller.participant_filter
        clock, limits, found = await realisation.overview(rows, codes, chosen, today)
        indicators = await kpis.measure(rows, chosen, today)
    return templates.page(
        request,
        "reporting/deelnemers.html",
        year=chosen,
        years=years_until(today),
        clock=clock,
        limits=limits,
        found=sorted(found, key=_most_off_plan),
        lights=LIGHTS,
        percentage=percentage,
        ratio=Ratio,
        shown=shown,
        indicators=[i for i in indicators if not i.participant] if caller.sees_all else [],
    )


def shown(indicator: kpis.Indicator, value: int) -> str:
    """A numerator or denominator as people read it."""
    return uren(value) if indicator.unit == "minuten" else getal(value)


def _most_off_plan(row: realisation.Overview) -> tuple[Any, ...]:
    share = row.judgement.deviation.percentage
    return (share is None, -abs(share) if share is not None else 0, row.name)


@router.get("/deelnemers/{code}")
async def dashboard(
    request: Request, caller: Reviewer, code: ParticipantCode, db: Db, year: YearQuery = None
) -> Response:
    """Are we on plan, what will it cost, and what lies behind it."""
    caller.require_participant(code)
    today = local_date(db.clock.now())
    chosen = year or today.year
    async with db.read() as rows:
        found = await realisation.realisation(rows, code, chosen, today)
        mine = [i for i in await kpis.measure(rows, chosen, today) if i.participant == code]
        settlements = await _settlements(rows, code, chosen)
    return templates.page(
        request,
        "reporting/deelnemer.html",
        found=found,
        years=years_until(today),
        bridge=found.bridge.in_cents(),
        tone=LIGHTS[found.judgement.light],
        percentage=percentage,
        ratio=Ratio,
        indicators=[
            {
                "label": one.name,
                "value": percentage(one.ratio),
                "note": f"{shown(one, one.ratio.numerator)} / {shown(one, one.ratio.denominator)}: "
                f"{one.description}",
            }
            for one in mine
        ],
        settlements=settlements,
        months=_months(found),
        lines=f"/reporting/deelnemers/{code}/regels?jaar={chosen}",
        delivered=f"/reporting/deelnemers/{code}/producten?jaar={chosen}",
    )


def _months(found: realisation.Realisation) -> list[dict[str, Any]]:
    until = found.clock.until.month if found.clock.until.year == found.year else 12
    return [
        {"label": MONTHS[number].capitalize(), "value": minutes, "text": uren(minutes)}
        for number, minutes in enumerate(found.months[:until])
    ]


async def _settlements(rows: Rows, code: str, year: int) -> list[Row]:
    return await rows.all(settled.OF_YEAR, participant=code, year=year)


@router.get("/deelnemers/{code}/regels")
async def lines(
    request: Request,
    caller: Reviewer,
    code: ParticipantCode,
    db: Db,
    page: Page,
    year: YearQuery = None,
    product: ProductQuery = None,
    group: GroupQuery = None,
) -> Response:
    """The hour lines behind a figure."""
    who, chosen = await _opened(caller, code, db, year)
    filters = {
        "participant": code,
        "product": product,
        "states": GROUPS.get(group or ""),
        **years.span(chosen),
    }
    async with db.read() as rows:
        found, next_key = await hours.LINES.page(rows, page, filters)
    return templates.page(
        request,
        "reporting/regels.html",
        who=who,
        year=chosen,
        group=group,
        product=product,
        lines=found,
        pseudonyms=caller.sees_all,
        may_correct=caller.sees_all and caller.may(Scope.BUDGETS_MANAGE),
        next_href=page.next_url(next_key) if next_key else "",
    )


@router.get("/deelnemers/{code}/producten")
async def products(
    request: Request,
    caller: Reviewer,
    code: ParticipantCode,
    db: Db,
    page: Page,
    year: YearQuery = None,
    product: ProductQuery = None,
) -> Response:
    """The delivered products behind a figure."""
    who, chosen = await _opened(caller, code, db, year)
    filters = {"participant": code, "product": product, **years.span(chosen)}
    async with db.read() as rows:
        found, next_key = await cases.DELIVERIES.page(rows, page, filters)
    return templates.page(
        request,
        "reporting/producten.html",
        who=who,
        year=chosen,
        product=product,
        deliveries=found,
        next_href=page.next_url(next_key) if next_key else "",
    )


async def _opened(caller: Caller, code: str, db: Db, year: int | None) -> tuple[Row, int]:
    caller.require_participant(code)
    async with db.read() as rows:
        who = await years.participant_of(rows, code)
    return who, year or local_date(db.clock.now()).year
