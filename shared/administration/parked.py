"""Parked events: look into one, have its key handled again, or give it up with a reason."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from shared.administration.common import (
    Administrator,
    ConsumerName,
    Done,
    Identity,
    frame,
    go,
    root_of,
    templates,
)
from shared.db.rows import Row
from shared.errors import Refused
from shared.http.dependencies import Db
from shared.messaging import parking
from shared.messaging.states import ParkedState
from shared.ui.forms import Form, read_form

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
async def listed(
    request: Request, caller: Administrator, db: Db, view: View = "open", after: After = 0
) -> Response:
    """Parked events by what became of them, in the order they came."""
    async with db.read() as rows:
        found = await parking.parked(rows, states=VIEWS[view], after=after, most=MOST + 1)
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
    request: Request,
    caller: Administrator,
    db: Db,
    consumer: ConsumerName,
    identity: Identity,
    done: Done = "",
) -> Response:
    """One parked event with its content and why it failed."""
    return await _page(request, db, consumer, identity, Form(), done)


async def _page(
    request: Request, db: Db, consumer: str, identity: UUID, form: Form, done: str = ""
) -> Response:
    async with db.read() as rows:
        row = await parking.parked_one(rows, consumer, identity)
    return templates.page(
        request,
        "gebeurtenissen/gebeurtenis.html",
        status_code=409 if form.message else 200,
        **frame(request, done),
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
async def again(
    request: Request, caller: Administrator, db: Db, consumer: ConsumerName, identity: Identity
) -> Response:
    """Have the open events of this key handled again, in order."""
    form = await read_form(request)
    try:
        async with db.work(actor=caller.subject) as work:
            row = await parking.parked_one(work, consumer, identity)
            await parking.retry(work, consumer, row["topic"], row["key"], actor=caller.subject)
    except Refused as refusal:
        return await _page(request, db, consumer, identity, form.refused(refusal))
    return go(f"{root_of(request)}/geparkeerd/{consumer}/{identity}?gedaan=opnieuw")


@router.post("/gebeurtenissen/geparkeerd/{consumer}/{id}/vervallen")
async def discard(
    request: Request, caller: Administrator, db: Db, consumer: ConsumerName, identity: Identity
) -> Response:
    """Give this event up; those behind it of its key are handled."""
    form = await read_form(request)
    try:
        async with db.work(actor=caller.subject) as work:
            reason = form.text("reden")[:1000]
            await parking.discard(work, consumer, identity, reason=reason, actor=caller.subject)
    except Refused as refusal:
        return await _page(request, db, consumer, identity, form.refused(refusal))
    return go(f"{root_of(request)}/geparkeerd/{consumer}/{identity}?gedaan=vervallen")
