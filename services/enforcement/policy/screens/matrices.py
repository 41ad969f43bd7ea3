"""Versions of the LHSO matrix on screen: drawn up by one person, adopted by another."""

from collections.abc import Iterable
from functools import partial
from typing import Final
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.enforcement.context import Ctx, PageCtx, PageReading, PageWriting
from services.enforcement.policy import commands, queries
from services.enforcement.policy.domain.matrix import (
    CELLS,
    CRIMINAL,
    Consultation,
    Matrix,
    MatrixState,
    Segment,
)
from services.enforcement.policy.schemas import ActivationIn, MatrixIn
from services.enforcement.policy.screens.drawing import described, drawn
from services.enforcement.presentation import Identity, templates
from shared.contracts.enforcement import Instrument
from shared.product.roles import Scope
from shared.ui.forms import Form, Value
from shared.ui.reading import Words

router = APIRouter()
ROOT: Final = "/enforcement/lhso-matrices"
ADMINISTRATIVE: Final = tuple(each for each in Instrument if each not in CRIMINAL)
WORDS: Final = Words(
    labels={
        "matrixversie": "versie",
        "omschrijving": "wat er anders is, en waarom",
        "besluitkenmerk": "kenmerk van het besluit",
        **{f"cellen.{number}.segment": f"zwaarte van {cell}" for number, cell in enumerate(CELLS)},
        **{
            f"cellen.{number}.bestuursrechtelijk": f"bestuursrechtelijk bij {cell}"
            for number, cell in enumerate(CELLS)
        },
        **{
            f"cellen.{number}.overlegOm": f"overleg met het Openbaar Ministerie bij {cell}"
            for number, cell in enumerate(CELLS)
        },
    }
)


@router.get("/lhso-matrices")
async def listed(ctx: PageReading) -> Response:
    """Every version, the one in force first."""
    found = await queries.matrices(ctx)
    return templates.page(
        ctx.request,
        "enforcement/matrices.html",
        matrices=[(row, row.matrix) for row in found],
        may_draw_up=_may_decide(ctx),
    )


@router.get("/lhso-matrices/nieuw")
async def new(ctx: PageReading) -> Response:
    """The form, filled with the version in force."""
    return await _form(ctx, None)


@router.post("/lhso-matrices/nieuw")
async def draw_up(sent: PageWriting) -> Response:
    """Keep it as a draft, and show it."""

    async def act(form: Form, ctx: Ctx) -> str:
        drawn_up = await commands.draw_up(form.read(MatrixIn, WORDS).command(), ctx)
        return f"{ROOT}/{drawn_up.id}"

    return await sent.submit(act, otherwise=_form)


def _typed(matrix: Matrix) -> dict[str, Value]:
    """A matrix as it stands in the form; nothing of it counts as checked for the new one."""
    fields: dict[str, Value] = {}
    for number, name in enumerate(CELLS):
        cell = matrix.cells[name]
        fields |= {
            f"cellen.{number}.segment": str(cell.segment),
            f"cellen.{number}.bestuursrechtelijk": [str(each) for each in cell.administrative],
            f"cellen.{number}.strafrechtelijk": [str(each) for each in cell.criminal],
            f"cellen.{number}.overlegOm": str(cell.consultation),
            f"cellen.{number}.opmerking": cell.note or "",
        }
    return fields


def _may_decide(ctx: PageCtx) -> bool:
    """The matrix is that of every participant."""
    return ctx.sight.everyone and ctx.caller.may(Scope.MANDATES_MANAGE)


async def _form(ctx: PageCtx, form: Form | None, status: int = 200) -> Response:
    ctx.require(Scope.MANDATES_MANAGE)
    ctx.require_agency()
    active = await queries.matrix_for(None, ctx.rows)
    cells = [{"number": number, **described(name)} for number, name in enumerate(CELLS)]
    return templates.page(
        ctx.request,
        "enforcement/matrix_formulier.html",
        status_code=status,
        form=form or Form(_typed(active)),
        active=active,
        cells=cells[::-1],
        segments=_options(Segment),
        consultations=_options(Consultation),
        administrative=_options(ADMINISTRATIVE),
        criminal=_options(each for each in Instrument if each in CRIMINAL),
    )


def _options(values: Iterable[str]) -> list[tuple[str, str]]:
    return [(str(each), str(each).capitalize()) for each in values]


@router.get("/lhso-matrices/{id}")
async def one(ctx: PageReading, identity: Identity) -> Response:
    """One version: drawn, cell by cell, with its decision."""
    return await _page(ctx, Form(), identity=identity)


@router.post("/lhso-matrices/{id}/activering")
async def adopt(sent: PageWriting, identity: Identity) -> Response:
    """Adopt the draft of somebody else."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(ActivationIn, WORDS)
        await commands.adopt(body.command(identity, form.version), ctx)
        return f"{ROOT}/{identity}"

    return await sent.submit(act, otherwise=partial(_page, identity=identity))


async def _page(ctx: PageCtx, form: Form, status: int = 200, *, identity: UUID) -> Response:
    row = await queries.matrix_row(identity, ctx)
    matrix = row.matrix
    return templates.page(
        ctx.request,
        "enforcement/matrix.html",
        status_code=status,
        form=form,
        row=row,
        **drawn(matrix, None),
        descriptions=[described(name) for name in reversed(CELLS)],
        waiting=matrix.state is MatrixState.DRAFT and _may_decide(ctx),
        own=matrix.author == ctx.caller.subject,
    )
