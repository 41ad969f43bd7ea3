"""Parked events: look into one, have its key handled again, or give it up with a reason."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query
from starlette.responses import Response

from shared.administration.common import (
    ConsumerName,
    Done,
    Identity,
    Reading,
    Writing,
    frame,
    root_of,
    templates,
)
from shared.context import WriteContext
from shared.db.rows import Row
from shared.messaging import parking
from shared.messaging.states import ParkedState
from shared.product.roles import Scope
from shared.ui.context import PageReadContext
from shared.ui.forms import Form

router = APIRouter()

MOST = 100
VIEWS = {
    "open": (ParkedState.PARKED, ParkedState.RETRY),
    "vervallen": (ParkedState.DISCARDED,),
    "verwerkt": (ParkedState.DONE,),
}
View = Annotated[str, Query(alias="weergave", pattern="^(open|vervallen|verwerkt)$")]
After = Annotated[int, Query(alias="na", ge=0, le=2**63 - 1)]


@router.get("/gebeurtenissen/geparkeerd")
async def listed(ctx: Reading, view: View = "open", after: After = 0) -> Response:
    """Parked events by what became of them, in the order they came."""
    ctx.require(Scope.EVENTS_MANAGE)
    ctx.require_agency()
    request = ctx.request
    found = await parking.parked(ctx.rows, states=VIEWS[view], after=after, most=MOST + 1)
    address = f"{root_of(request)}/geparkeerd?weergave={view}"
    kept = found[:MOST]
    return templates.page(
        request,
        "gebeurtenissen/geparkeerd.html",
        **frame(request),
        parked=kept,
        view=view,
        views=VIEWS,
        next_href=f"{address}&na={kept[-1]['seq']}" if len(found) > MOST else "",
    )


@router.get("/gebeurtenissen/geparkeerd/{consumer}/{id}")
async def one(
    ctx: Reading, consumer: ConsumerName, identity: Identity, done: Done = ""
) -> Response:
    """One parked event with its content and why it failed."""
    return await _page(ctx, Form(), consumer=consumer, identity=identity, done=done)


async def _page(
    ctx: PageReadContext[Any],
    form: Form,
    status: int = 200,
    *,
    consumer: str,
    identity: UUID,
    done: str = "",
) -> Response:
    ctx.require(Scope.EVENTS_MANAGE)
    ctx.require_agency()
    row = await parking.parked_one(ctx.rows, consumer, identity)
    return templates.page(
        ctx.request,
        "gebeurtenissen/gebeurtenis.html",
        status_code=status,
        **frame(ctx.request, done),
        form=form,
        row=row,
        payload=readable(row),
        may_act=row["state"] in {ParkedState.PARKED, ParkedState.RETRY},
    )


def readable(row: Row) -> str:
    """The content of an event as people read it; as it is, when it is not JSON."""
    payload: bytes = row["payload"]
    try:
        return orjson.dumps(orjson.loads(payload), option=orjson.OPT_INDENT_2).decode()
    except ValueError:
        return payload.decode(errors="backslashreplace")


@router.post("/gebeurtenissen/geparkeerd/{consumer}/{id}/opnieuw")
async def again(sent: Writing, consumer: ConsumerName, identity: Identity) -> Response:
    """Have the open events of this key handled again, in order."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        row = await parking.parked_one(ctx.work, consumer, identity)
        actor = ctx.caller.subject
        await parking.retry(ctx.work, consumer, row["topic"], row["key"], actor=actor)
        return f"{root_of(sent.request)}/geparkeerd/{consumer}/{identity}?gedaan=opnieuw"

    page = partial(_page, consumer=consumer, identity=identity)
    return await sent.submit(act, otherwise=page)


@router.post("/gebeurtenissen/geparkeerd/{consumer}/{id}/vervallen")
async def discard(sent: Writing, consumer: ConsumerName, identity: Identity) -> Response:
    """Give this event up; those behind it of its key are handled."""

    async def act(form: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        reason, actor = form.text("reden")[:1000], ctx.caller.subject
        await parking.discard(ctx.work, consumer, identity, reason=reason, actor=actor)
        return f"{root_of(sent.request)}/geparkeerd/{consumer}/{identity}?gedaan=vervallen"

    page = partial(_page, consumer=consumer, identity=identity)
    return await sent.submit(act, otherwise=page)
