"""Rebuilds of projections: ask for one, follow its job, and see what came of the earlier ones."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.administration.common import Done, Reading, Writing, frame, root_of, templates
from shared.administration.jobs.screens import STATES
from shared.context import WriteContext
from shared.errors import NotFound
from shared.product.roles import Scope
from shared.rebuild import requests
from shared.rebuild.projection import Projection
from shared.ui.context import PageReadContext
from shared.ui.forms import Form

router = APIRouter()

MOST = 20
Wanted = Annotated[str, Path(alias="projectie", max_length=60)]


@router.get("/gebeurtenissen/herbouw")
async def overview(ctx: Reading, done: Done = "") -> Response:
    """The projections of this service, and their rebuilds."""
    return await _page(ctx, Form(), done=done)


@router.post("/gebeurtenissen/herbouw/{projectie}")
async def start(sent: Writing, name: Wanted) -> Response:
    """Ask for a rebuild; a worker takes it up."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        named = {projection.name: projection for projection in _projections(sent.request)}
        if name not in named:
            raise NotFound("Deze projectie is er niet.")
        await requests.request(ctx.work, named[name])
        return f"{root_of(sent.request)}/herbouw?gedaan=herbouw"

    return await sent.submit(act, otherwise=_page)


async def _page(
    ctx: PageReadContext[Any], form: Form, status: int = 200, *, done: str = ""
) -> Response:
    ctx.require(Scope.EVENTS_MANAGE)
    ctx.require_agency()
    running = await requests.open_one(ctx.rows)
    # Who comes back to the page later is not told that it is still to begin.
    notice = done if running else ""
    return templates.page(
        ctx.request,
        "gebeurtenissen/herbouw.html",
        status_code=status,
        form=form,
        projections=_projections(ctx.request),
        running=running,
        job_href=f"{root_of(ctx.request)}/taken/{running.id}" if running else "",
        rebuilds=await requests.ended(ctx.rows, MOST),
        job_states=STATES,
        **frame(ctx.request, notice),
    )


def _projections(request: Request) -> tuple[Projection, ...]:
    found: tuple[Projection, ...] = request.app.state.projections
    return found
