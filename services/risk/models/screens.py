"""Risk models: what scores now, what scored before, and a proposal waiting for a second person."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.context import Ctx, PageCtx, PageReading, PageWriting
from services.risk.models import commands, queries
from services.risk.models.domain import ModelState, Theme
from services.risk.models.schemas import ActivationIn, VariantIn
from services.risk.presentation import templates
from shared.http.paging import Page
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.reading import Words

router = APIRouter()
# The field on the form of each figure that a variant may change, by its wire name.
FIELDS: Final = {
    "gewichten.effect": "gewicht-effect",
    "gewichten.naleefgedrag": "gewicht-naleefgedrag",
    "gewichten.tijd": "gewicht-tijd",
    "gewichten.klachten": "gewicht-klachten",
    "klassen.hoog": "klasse-hoog",
    "klassen.midden": "klasse-midden",
    "streeftermijnMaanden.hoog": "termijn-hoog",
    "streeftermijnMaanden.midden": "termijn-midden",
    "streeftermijnMaanden.laag": "termijn-laag",
    "uren.hoog": "uren-hoog",
    "uren.midden": "uren-midden",
    "uren.laag": "uren-laag",
    "drempelExtraControle": "drempel-klachten",
    "drempelMaanden": "drempel-maanden",
}
WORDS: Final = Words(names=FIELDS)


@router.get("/risicomodellen")
async def models(ctx: PageReading, page: Page) -> Response:
    """All versions, newest first."""
    rows, next_key = await queries.models(page, ctx)
    return templates.page(
        ctx.request,
        "risk/risicomodellen.html",
        models=rows,
        may_propose=_may_decide(ctx),
        next_href=page.next_url(next_key) if next_key else "",
    )


@router.get("/risicomodellen/nieuw")
async def variant(ctx: PageReading) -> Response:
    """A form with the figures of the model that scores now."""
    active = await queries.active(ctx)
    return await _variant_page(ctx, Form(fields=_shown(VariantIn.of(active.parameters))))


@router.post("/risicomodellen/nieuw")
async def propose(sent: PageWriting) -> Response:
    """Propose the variant; it scores nothing until somebody else activates it."""

    async def act(form: Form, ctx: Ctx) -> str:
        active = await queries.active(ctx)
        variant = form.read(VariantIn, WORDS)
        model_id = await commands.propose(variant.command(active.parameters), ctx)
        return f"/risk/risicomodellen/{model_id}"

    return await sent.submit(act, otherwise=_variant_page)


@router.get("/risicomodellen/{model_id}")
async def model(ctx: PageReading, model_id: UUID) -> Response:
    """One version with all its parameters."""
    return await _page(model_id, ctx, Form())


@router.post("/risicomodellen/{model_id}")
async def activate(sent: PageWriting, model_id: UUID) -> Response:
    """Activate a proposal of somebody else."""

    async def act(form: Form, ctx: Ctx) -> str:
        await commands.activate(form.read(ActivationIn).command(model_id, form.version), ctx)
        return f"/risk/risicomodellen/{model_id}"

    return await sent.submit(act, otherwise=partial(_page, model_id))


def _may_decide(ctx: PageCtx) -> bool:
    """A model scores the locations of every participant."""
    return ctx.sight.everyone and ctx.caller.may(Scope.RISK_MODELS_MANAGE)


async def _variant_page(ctx: PageCtx, form: Form, status: int = 200) -> Response:
    ctx.require(Scope.RISK_MODELS_MANAGE)
    ctx.require_agency()
    return templates.page(
        ctx.request,
        "risk/risicomodel_formulier.html",
        status_code=status,
        form=form,
        active=await queries.active(ctx),
    )


async def _page(model_id: UUID, ctx: PageCtx, form: Form, status: int = 200) -> Response:
    row = await queries.model(model_id, ctx)
    waiting = row.state is ModelState.CONCEPT and _may_decide(ctx)
    return templates.page(
        ctx.request,
        "risk/risicomodel.html",
        status_code=status,
        form=form,
        model=row,
        parameters=row.parameters,
        themes=list(map(str, Theme)),
        waiting=waiting,
        own=row.author == ctx.caller.subject,
    )


def _shown(variant: VariantIn) -> dict[str, str]:
    """The figures as they stand in the fields."""
    values = variant.model_dump(mode="json", by_alias=True)
    return {field: _text(_at(values, path)) for path, field in FIELDS.items()}


def _at(values: Any, path: str) -> Any:
    for name in path.split("."):
        values = values[name]
    return values


def _text(value: Any) -> str:
    return str(value).replace(".", ",")
