"""The steps of a measure on screen: each asks what the law wants to know."""

from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.enforcement.context import Ctx, PageCtx, PageReading, PageWriting
from services.enforcement.measures import commands, queries
from services.enforcement.measures.domain.measure import STATES, Measure, MeasureState
from services.enforcement.measures.order_fields import LABELS, MODES, UNITS
from services.enforcement.measures.schemas import (
    CollectionIn,
    EndIn,
    ForfeitureIn,
    ImpositionIn,
    IntentionIn,
)
from services.enforcement.presentation import Identity, templates
from services.enforcement.violations.screens.dossier import dossier
from shared.contracts.enforcement import MeasureResult
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.idempotency import go
from shared.ui.reading import Words

router = APIRouter()
RESULTS: Final = {
    MeasureState.EXECUTED: "Uitgevoerd: aan de maatregel is voldaan",
    MeasureState.WITHDRAWN: "Ingetrokken",
    MeasureState.EXHAUSTED: "Uitgewerkt: het maximum is verbeurd en de overtreding duurt voort",
}
# What each step asks for, so that its page is not shown to who cannot take it.
STEPS: Final = {
    "voornemen": Scope.ENFORCEMENT_WRITE,
    "oplegging": Scope.ORDER_IMPOSE,
    "invordering": Scope.ORDER_IMPOSE,
    "beeindiging": Scope.ORDER_IMPOSE,
}
WORDS: Final = Words(
    labels={
        **LABELS,
        "besluitdatum": "datum van het besluit",
        "publicatiedatum": "bekendgemaakt op",
        "zienswijzedatum": "zienswijze ontvangen op",
        "volgnummer": "een verbeurde dwangsom",
        "handeling": "wat er is gebeurd",
        "resultaat": "hoe de maatregel eindigt",
        "controleId": "een hercontrole",
    }
)


def _file(found: Measure) -> str:
    return f"/enforcement/overtredingen/{found.violation_id}#maatregel-{found.number}"


@router.get("/handhavingsmaatregelen/{id}")
async def one(ctx: PageReading, identity: Identity) -> Response:
    """A measure is shown in the file of its violation."""
    return go(_file(await queries.one(identity, ctx)))


async def _page(
    ctx: PageCtx, form: Form, status: int = 200, *, identity: UUID, step: str
) -> Response:
    ctx.require(STEPS[step])
    row = await queries.one(identity, ctx)
    forfeited = await queries.forfeitures(row, ctx.rows)
    ways = {state for state, _ in STATES.next(row.state)}
    return templates.page(
        ctx.request,
        f"enforcement/maatregel_{step}.html",
        status_code=status,
        form=form,
        measure=row,
        is_decision=row.is_decision,
        back=_file(row),
        check=await queries.mandate_for(row, ctx.today, ctx),
        today=ctx.today,
        modes=MODES,
        units=UNITS,
        may_intend=row.is_decision and MeasureState.INTENDED in ways,
        forfeitures=[each for each in forfeited if each.paid_on is None],
        results=[(str(MeasureResult(s)), text) for s, text in RESULTS.items() if s in ways],
    )


@router.get("/handhavingsmaatregelen/{id}/voornemen")
async def intending(ctx: PageReading, identity: Identity) -> Response:
    """The form to announce a measure."""
    return await _page(ctx, Form(), identity=identity, step="voornemen")


@router.get("/handhavingsmaatregelen/{id}/oplegging")
async def imposing(ctx: PageReading, identity: Identity) -> Response:
    """The form to impose a measure."""
    return await _page(ctx, Form(), identity=identity, step="oplegging")


@router.get("/handhavingsmaatregelen/{id}/beeindiging")
async def ending(ctx: PageReading, identity: Identity) -> Response:
    """The form to end a measure."""
    return await _page(ctx, Form(), identity=identity, step="beeindiging")


@router.get("/handhavingsmaatregelen/{id}/invordering")
async def collecting(ctx: PageReading, identity: Identity) -> Response:
    """The form for a payment or a collection decision."""
    return await _page(ctx, Form(), identity=identity, step="invordering")


@router.post("/handhavingsmaatregelen/{id}/voornemen")
async def intend(sent: PageWriting, identity: Identity) -> Response:
    """Announce the measure."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(IntentionIn, WORDS)
        return _file(await commands.intend(body.command(identity, form.version), ctx))

    return await sent.submit(act, otherwise=partial(_page, identity=identity, step="voornemen"))


@router.post("/handhavingsmaatregelen/{id}/oplegging")
async def impose(sent: PageWriting, identity: Identity) -> Response:
    """Impose the measure."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(ImpositionIn, WORDS)
        return _file(await commands.impose(body.command(identity, form.version), ctx))

    return await sent.submit(act, otherwise=partial(_page, identity=identity, step="oplegging"))


@router.post("/handhavingsmaatregelen/{id}/verbeurte")
async def forfeit(sent: PageWriting, identity: Identity) -> Response:
    """Note that a penalty was forfeited, as the chosen re-inspection proves."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(ForfeitureIn, WORDS)
        changed, _ = await commands.forfeit(body.command(identity, form.version), ctx)
        return _file(changed)

    return await sent.submit(act, otherwise=partial(_dossier, identity=identity))


async def _dossier(ctx: PageCtx, form: Form, status: int = 200, *, identity: UUID) -> Response:
    """The file of the violation: that is where the button stands."""
    row = await queries.one(identity, ctx)
    return await dossier(ctx, form, status, identity=row.violation_id)


@router.post("/handhavingsmaatregelen/{id}/invordering")
async def collect(sent: PageWriting, identity: Identity) -> Response:
    """Record a payment or a collection decision."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(CollectionIn, WORDS)
        changed, _ = await commands.collect(body.command(identity, form.version), ctx)
        return _file(changed)

    return await sent.submit(act, otherwise=partial(_page, identity=identity, step="invordering"))


@router.post("/handhavingsmaatregelen/{id}/beeindiging")
async def end(sent: PageWriting, identity: Identity) -> Response:
    """End the measure."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(EndIn, WORDS)
        return _file(await commands.end(body.command(identity, form.version), ctx))

    return await sent.submit(act, otherwise=partial(_page, identity=identity, step="beeindiging"))
