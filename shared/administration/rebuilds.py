"""Rebuilds of projections: ask for one, follow it, and see what came of the earlier ones."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from shared.administration.common import Administrator, Done, frame, go, root_of, templates
from shared.errors import NotFound, Refused
from shared.http.dependencies import Db
from shared.rebuild import store
from shared.rebuild.projection import Projection
from shared.rebuild.tables import RebuildState
from shared.ui.forms import Form, read_form

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
async def overview(request: Request, caller: Administrator, db: Db, done: Done = "") -> Response:
    """The projections of this service, and their rebuilds."""
    return await _page(request, db, Form(), done)


@router.get("/gebeurtenissen/herbouw/stand")
async def progress(request: Request, caller: Administrator, db: Db) -> Response:
    """How far it is: the part of the page that follows."""
    context = await _context(request, db)
    return templates.page(request, "gebeurtenissen/herbouw_stand.html", **context)


@router.post("/gebeurtenissen/herbouw/{projectie}")
async def start(request: Request, caller: Administrator, db: Db, name: Wanted) -> Response:
    """Ask for a rebuild; a worker takes it up."""
    form = await read_form(request)
    try:
        if name not in {projection.name for projection in _projections(request)}:
            raise NotFound("Deze projectie is er niet.")
        async with db.work(actor=caller.subject) as work:
            await store.request(work, name, actor=caller.subject)
    except Refused as refusal:
        return await _page(request, db, form.refused(refusal))
    return go(f"{root_of(request)}/herbouw?gedaan=herbouw")


async def _page(request: Request, db: Db, form: Form, done: str = "") -> Response:
    context = await _context(request, db)
    # Who comes back to the page later is not told that it is still to begin.
    notice = done if context["open"] else ""
    return templates.page(
        request,
        "gebeurtenissen/herbouw.html",
        status_code=409 if form.message else 200,
        form=form,
        **{**frame(request, notice), **context},
    )


async def _context(request: Request, db: Db) -> dict[str, Any]:
    async with db.read() as rows:
        rebuilds = await store.last(rows, MOST)
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
