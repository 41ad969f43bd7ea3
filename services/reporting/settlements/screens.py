"""The settlement of a year: its list, a trial, and the decision that freezes it."""

from functools import partial
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.reporting.context import Ctx, PageCtx, PageReading, PageWriting
from services.reporting.dependencies import RunId, SettlementId, YearFilter
from services.reporting.presentation import WORDS, templates, years_until
from services.reporting.products.queries import products_of
from services.reporting.settlements import commands, queries
from services.reporting.settlements.schemas import AdoptionIn, FullSettlementOut, TrialIn
from shared.http.paging import Page, Paging
from shared.product.roles import Scope
from shared.ui.forms import Form

router = APIRouter()
TONES = {"proef": "info", "vastgesteld": "good"}


@router.get("/afrekeningen")
async def settlements(ctx: PageReading, page: Page, year: YearFilter = None) -> Response:
    """Settlements of a year, with the control totals of what was adopted."""
    return await _list(ctx, Form(), page=page, year=year)


@router.post("/afrekeningen")
async def try_out(sent: PageWriting, page: Page) -> Response:
    """Calculate the year on trial, and show it."""

    async def act(form: Form, ctx: Ctx) -> str:
        made = await commands.try_out(form.read(TrialIn, WORDS).command(), ctx)
        return f"/reporting/jaarafrekeningen/{made.run.id}"

    text = sent.form.text("jaar")
    year = int(text) if len(text) == 4 and text.isascii() and text.isdecimal() else None
    year = year if year and 2000 <= year <= 2100 else None
    return await sent.submit(act, otherwise=partial(_list, page=page, year=year))


async def _list(
    ctx: PageCtx, form: Form, status: int = 200, *, page: Paging, year: int | None
) -> Response:
    chosen = year or ctx.today.year
    rows = await queries.settlements(page, ctx, year=chosen)
    runs = await queries.runs(_first(page), ctx, year=chosen) if ctx.sight.everyone else ()
    return templates.page(
        ctx.request,
        "reporting/afrekeningen.html",
        status_code=status,
        form=form,
        year=chosen,
        years=years_until(ctx.today),
        settlements=rows,
        runs=runs,
        totals=await queries.totals(chosen, ctx),
        tones=TONES,
        may_close=ctx.sight.everyone and ctx.caller.may(Scope.BUDGETS_MANAGE),
        may_try=ctx.sight.everyone and ctx.caller.may(Scope.SETTLEMENTS_ADOPT),
        next_href=page.next_url(rows.next_key) if rows.next_key else "",
    )


def _first(page: Paging) -> Paging:
    """The first page of the runs: the cursor is that of the settlements."""
    return Paging(None, page.limit, page.path, page.query)


@router.get("/afrekeningen/{afrekeningId}")
async def settlement(settlement_id: SettlementId, ctx: PageReading) -> Response:
    """The settlement of one participant, each cent of it."""
    found = await queries.settlement(settlement_id, ctx)
    products = await products_of(ctx.today, ctx)
    return templates.page(
        ctx.request,
        "reporting/afrekening.html",
        row=found.settlement,
        whole=FullSettlementOut.whole(found),
        tone=TONES[found.settlement.state],
        product_names={product.code: product.name for product in products},
        sees_run=ctx.sight.everyone,
    )


@router.get("/jaarafrekeningen/{jaarafrekeningId}")
async def run(run_id: RunId, ctx: PageReading) -> Response:
    """A year with the settlements of all participants."""
    return await _run(ctx, Form(), run_id=run_id)


@router.post("/jaarafrekeningen/{jaarafrekeningId}/vaststelling")
async def adopt(run_id: RunId, sent: PageWriting) -> Response:
    """Freeze the trial."""

    async def act(form: Form, ctx: Ctx) -> str:
        await commands.adopt(form.read(AdoptionIn, WORDS).command(run_id, form.version), ctx)
        return f"/reporting/jaarafrekeningen/{run_id}"

    return await sent.submit(act, otherwise=partial(_run, run_id=run_id))


async def _run(ctx: PageCtx, form: Form, status: int = 200, *, run_id: UUID) -> Response:
    found = await queries.run(run_id, ctx)
    trial = found.run.state == "proef" and not found.run.inherited
    return templates.page(
        ctx.request,
        "reporting/jaarafrekening.html",
        status_code=status,
        form=form,
        run=found.run,
        settlements=found.settlements,
        totals=found.totals,
        tones=TONES,
        may_adopt=trial and ctx.caller.may(Scope.SETTLEMENTS_ADOPT),
        own_trial=found.run.proposed_by == ctx.caller.subject,
    )
