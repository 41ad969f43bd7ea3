"""The screens of jobs, and the fragment by which any page follows its own job.

A page shows its job with `{% include "gebeurtenissen/taak_volgen.html" %}`, given `job_href`. With
`job_then="ververs"` it is read again when the job has ended: for what it shows of the outcome.
"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from shared.administration.common import (
    Done,
    Identity,
    Reading,
    Writing,
    frame,
    root_of,
    templates,
)
from shared.administration.jobs import commands
from shared.administration.jobs.commands import CancelJob, RetryJob
from shared.context import WriteContext
from shared.http.paging import Page
from shared.jobs import standing
from shared.jobs.states import OPEN, JobState
from shared.product.roles import Scope
from shared.ui.context import PageReadContext
from shared.ui.forms import Form

router = APIRouter()

STATES = {
    JobState.QUEUED: ("Wacht", "neutral"),
    JobState.RUNNING: ("Loopt", "info"),
    JobState.RETRY: ("Wacht op nieuwe poging", "warning"),
    JobState.FAILED: ("Mislukt", "bad"),
    JobState.DONE: ("Klaar", "good"),
    JobState.CANCELLED: ("Geannuleerd", "neutral"),
}
VIEWS = {
    "open": OPEN,
    "mislukt": (JobState.FAILED,),
    "klaar": (JobState.DONE,),
    "geannuleerd": (JobState.CANCELLED,),
}
Then = Annotated[str, Query(alias="daarna", pattern="^(ververs)?$")]
View = Annotated[str, Query(alias="weergave", pattern="^(open|mislukt|klaar|geannuleerd)$")]


@router.get("/gebeurtenissen/taken")
async def listed(ctx: Reading, page: Page, view: View = "open") -> Response:
    """Jobs by how they stand, the last first."""
    ctx.require(Scope.JOBS_MANAGE)
    ctx.require_agency()
    found = await standing.listed(ctx.rows, page, states=VIEWS[view])
    return templates.page(
        ctx.request,
        "gebeurtenissen/taken.html",
        **frame(ctx.request),
        jobs=found,
        job_states=STATES,
        view=view,
        views=VIEWS,
        next_href=page.next_url(found.next_key) if found.next_key else "",
        first_href=f"{page.path}?weergave={view}" if page.after else "",
    )


@router.get("/gebeurtenissen/taken/{id}")
async def one(ctx: Reading, identity: Identity, done: Done = "") -> Response:
    """A job: how far it is, and what came of it."""
    return await _page(ctx, Form(), identity=identity, done=done)


@router.get("/gebeurtenissen/taken/{id}/stand")
async def progress(ctx: Reading, identity: Identity, then: Then = "") -> Response:
    """How far it is: the fragment that follows."""
    job = await commands.one(identity, ctx)
    response = templates.page(
        ctx.request,
        "gebeurtenissen/taak_stand.html",
        **frame(ctx.request),
        job=job,
        job_states=STATES,
        then=then,
    )
    if then and not job.is_open:
        response.headers["HX-Refresh"] = "true"
    return response


async def _page(
    ctx: PageReadContext[Any], form: Form, status: int = 200, *, identity: UUID, done: str = ""
) -> Response:
    job = await commands.one(identity, ctx)
    return templates.page(
        ctx.request,
        "gebeurtenissen/taak.html",
        status_code=status,
        **frame(ctx.request, done),
        form=form,
        job=job,
        job_states=STATES,
        manages=Scope.JOBS_MANAGE in ctx.caller.scopes,
    )


@router.post("/gebeurtenissen/taken/{id}/annulering")
async def cancel(sent: Writing, identity: Identity) -> Response:
    """Cancel it."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        await commands.cancel(CancelJob(identity), ctx, sent.request.app.state.jobs)
        return f"{root_of(sent.request)}/taken/{identity}?gedaan=annuleren"

    return await sent.submit(act, otherwise=partial(_page, identity=identity))


@router.post("/gebeurtenissen/taken/{id}/nieuwe-poging")
async def retry(sent: Writing, identity: Identity) -> Response:
    """Have it tried again."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        await commands.retry(RetryJob(identity), ctx, sent.request.app.state.jobs)
        return f"{root_of(sent.request)}/taken/{identity}?gedaan=taak-opnieuw"

    return await sent.submit(act, otherwise=partial(_page, identity=identity))
