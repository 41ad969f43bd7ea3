"""The file of a violation, and the forms on it."""

from dataclasses import replace
from functools import partial
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from services.enforcement.context import Ctx, PageReading, PageWriting
from services.enforcement.inspections import commands as inspections
from services.enforcement.inspections.schemas import ReinspectionIn
from services.enforcement.measures import commands as measures
from services.enforcement.measures.order_fields import LABELS
from services.enforcement.measures.schemas import MeasureIn
from services.enforcement.presentation import Identity
from services.enforcement.violations import commands
from services.enforcement.violations.schemas import PositionIn
from services.enforcement.violations.screens.dossier import dossier
from shared.ui.forms import Form, Value
from shared.ui.reading import Words

router = APIRouter()
ROOT: Final = "/enforcement/overtredingen"
WORDS: Final = Words(
    labels={
        "gevolg": "een cel, met een gevolg en een gedrag",
        "redenHerpositionering": "reden van de andere plaats",
        "handhavingsinstrument": "maatregel",
        **LABELS,
    }
)


@router.get("/overtredingen/{id}")
async def one(ctx: PageReading, identity: Identity) -> Response:
    """The whole file of a violation."""
    return await dossier(ctx, Form(), identity=identity)


@router.post("/overtredingen/{id}/positioneren")
async def position(sent: PageWriting, identity: Identity) -> Response:
    """Give the violation its place in the matrix."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = _assessed(form).read(PositionIn, WORDS)
        await commands.position(body.command(identity, form.version), ctx)
        return f"{ROOT}/{identity}#positie"

    return await sent.submit(act, otherwise=partial(dossier, identity=identity))


def _assessed(form: Form) -> Form:
    """The cell that was clicked as consequence and behaviour; aspects without a motive are none."""
    cell = form.text("cel")
    fields: dict[str, Value] = {
        name: value for name, value in form.fields.items() if not name.startswith("aspecten.")
    }
    fields |= {"gevolg": cell[1:], "gedrag": cell[:1]}
    if form.text("gedragOnbekend"):
        del fields["gedrag"]
    rows = sorted({name.split(".")[1] for name in form.fields if name.startswith("aspecten.")})
    weighed = [row for row in rows if form.text(f"aspecten.{row}.motivering")]
    for number, row in enumerate(weighed):
        for part in ("aspect", "soort", "motivering"):
            fields[f"aspecten.{number}.{part}"] = form.text(f"aspecten.{row}.{part}")
    return replace(form, fields=fields)


@router.post("/overtredingen/{id}/maatregel")
async def choose(sent: PageWriting, identity: Identity) -> Response:
    """Choose a measure, following the advice or not."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = _ordered(form).read(MeasureIn, WORDS)
        chosen = await measures.choose(body.command(identity, form.version), ctx)
        return f"{ROOT}/{identity}#maatregel-{chosen.number}"

    return await sent.submit(act, otherwise=partial(dossier, identity=identity))


def _ordered(form: Form) -> Form:
    """Mode and unit always stand in the form: without an amount there is no penalty."""
    if form.text("last.bedrag") or form.text("last.maximum"):
        return form
    fields = {name: each for name, each in form.fields.items() if not name.startswith("last.")}
    return replace(form, fields=fields)


@router.post("/overtredingen/{id}/hercontrole")
async def plan_again(sent: PageWriting, identity: Identity) -> Response:
    """Plan a re-inspection for today, and go to its page."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(ReinspectionIn, WORDS)
        planned = await inspections.plan_again(body.command(identity), ctx)
        return f"/enforcement/controles/{planned.id}"

    return await sent.submit(act, otherwise=partial(dossier, identity=identity))
