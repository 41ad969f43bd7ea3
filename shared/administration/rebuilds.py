"""Rebuilds of projections: ask for one, follow it, and see what came of the earlier ones."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.administration.common import Done, Reading, Writing, frame, root_of, templates
from shared.context import WriteContext
from shared.errors import NotFound
from shared.product.roles import Scope
from shared.rebuild import store
from shared.rebuild.projection import Projection
from shared.rebuild.tables import RebuildState
from shared.ui.context import PageReadContext
from shared.ui.forms import Form

router = APIRouter()

MOST = 20
STATES = {
    RebuildState.REQUESTED: ("Aangevraagd", "info"),
    RebuildState.RUNNING: ("Loopt", "info"),
    RebuildState.DONE: ("Klaar", "good"),
    RebuildState.FAILED: ("Mislukt", "bad"),
}
Wanted = Annotated[str, Path(alias="projectie", max_length=60)]


@router.get("/gebeurtenissen/herbouw")
async def overview(ctx: Reading, done: Done = "") -> Response:
    """The projections of this service, and their rebuilds."""
    return await _page(ctx, Form(), done=done)


@router.get("/gebeurtenissen/herbouw/stand")
async def progress(ctx: Reading) -> Response:
    """How far it is: the part of the page that follows."""
    context = await _context(ctx)
    return templates.page(ctx.request, "gebeurtenissen/herbouw_stand.html", **context)


@router.post("/gebeurtenissen/herbouw/{projectie}")
async def start(sent: Writing, name: Wanted) -> Response:
    """Ask for a rebuild; a worker takes it up."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        if name not in {projection.name for projection in _projections(sent.request)}:
            raise NotFound("Deze projectie is er niet.")
        await store.request(ctx.work, name, actor=ctx.caller.subject)
        return f"{root_of(sent.request)}/herbouw?gedaan=herbouw"

    return await sent.submit(act, otherwise=_page)


async def _page(
    ctx: PageReadContext[Any], form: Form, status: int = 200, *, done: str = ""
) -> Response:
    context = await _context(ctx)
    # Who comes back to the page later is not told that it is still to begin.
    notice = done if context["open"] else ""
    return templates.page(
        ctx.request,
        "gebeurtenissen/herbouw.html",
        status_code=status,
        form=form,
        **{**frame(ctx.request, notice), **context},
    )


async def _context(ctx: PageReadContext[Any]) -> dict[str, Any]:
    ctx.require(Scope.EVENTS_MANAGE)
    request = ctx.request
    rebuilds = await store.last(ctx.rows, MOST)
    projections = _projections(request)
    return {
        "root": root_of(request),
        "projections": projections,
        "titles": {projection.name: projection.title for projection in projections},
        "open": next((row for row in rebuilds if row["finished_at"] is None), None),
        "rebuilds": [row for row in rebuilds if row["finished_at"] is not None],
        "rebuild_states": STATES,
    }


def _projections(request: Request) -> tuple[Projection, ...]:
    found: tuple[Projection, ...] = request.app.state.projections
    return found
