"""Subscriptions of others: how deliveries go, resume, new secrets, end."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import ValidationError
from starlette.responses import Response

from shared.administration.common import (
    Administrator,
    Done,
    Identity,
    frame,
    go,
    root_of,
    templates,
)
from shared.errors import Invalid, Refused, invalid
from shared.http.dependencies import Db
from shared.http.problems import invalid_params
from shared.ui.forms import Form, read_form
from shared.webhooks import handlers, store
from shared.webhooks.schemas import SecretsIn
from shared.webhooks.states import SubscriptionState

router = APIRouter()

MOST = 50
Before = Annotated[int | None, Query(alias="voor", ge=0, le=2**63 - 1)]


@router.get("/gebeurtenissen/abonnementen/{id}")
async def one(
    request: Request,
    caller: Administrator,
    db: Db,
    identity: Identity,
    before: Before = None,
    done: Done = "",
) -> Response:
    """A subscription with its delivery log, the last attempt first."""
    return await _page(request, db, identity, Form(), before, done)


async def _page(
    request: Request,
    db: Db,
    identity: UUID,
    form: Form,
    before: int | None = None,
    done: str = "",
) -> Response:
    async with db.read() as rows:
        row = await store.one(rows, identity, None)
        found = await store.attempts(rows, identity, before, MOST + 1)
    attempts = found[:MOST]
    address = f"{root_of(request)}/abonnementen/{identity}"
    return templates.page(
        request,
        "gebeurtenissen/abonnement.html",
        status_code=409 if form.message else 200,
        **frame(request, done),
        form=form,
        row=row,
        attempts=attempts,
        may_resume=row["state"] == SubscriptionState.SUSPENDED,
        may_end=row["state"] != SubscriptionState.ENDED,
        next_href=f"{address}?voor={attempts[-1]['id']}" if len(found) > MOST else "",
        first_href=address if before is not None else "",
    )


@router.post("/gebeurtenissen/abonnementen/{id}/hervatten")
async def resume(request: Request, caller: Administrator, db: Db, identity: Identity) -> Response:
    """Go on where it was."""
    form = await read_form(request)
    try:
        async with db.work(actor=caller.subject) as work:
            await handlers.resume(work, caller, identity)
    except Refused as refusal:
        return await _page(request, db, identity, form.refused(refusal))
    return go(f"{root_of(request)}/abonnementen/{identity}?gedaan=hervat")


@router.post("/gebeurtenissen/abonnementen/{id}/geheimen")
async def secrets(request: Request, caller: Administrator, db: Db, identity: Identity) -> Response:
    """Replace the secrets, as the subscriber gave them; they are never shown again."""
    form = await read_form(request)
    try:
        given = _secrets_in(form)
        async with db.work(actor=caller.subject) as work:
            await handlers.replace_secrets(
                work, caller, identity, given.token, given.signing_key, request.app.state.settings
            )
    except Refused as refusal:
        # Without what was typed: a page must not show a secret.
        return await _page(request, db, identity, Form(key=form.key).refused(refusal))
    return go(f"{root_of(request)}/abonnementen/{identity}?gedaan=geheimen")


def _secrets_in(form: Form) -> SecretsIn:
    try:
        return SecretsIn.model_validate(
            {name: form.text(name) for name in ("token", "ondertekeningssleutel")}
        )
    except ValidationError as error:
        params = tuple(invalid_params(error.errors()))
        raise Invalid("Beide geheimen zijn nodig.", params=params) from None


@router.post("/gebeurtenissen/abonnementen/{id}/beeindigen")
async def end(request: Request, caller: Administrator, db: Db, identity: Identity) -> Response:
    """End it for good, with a reason that the subscriber can read."""
    form = await read_form(request)
    try:
        reason = form.text("reden")[:1000]
        if not reason:
            raise invalid("reden", "ontbreekt", "Geef de reden; de abonnee kan haar lezen.")
        async with db.work(actor=caller.subject) as work:
            await handlers.end(work, caller, identity, reason=reason)
    except Refused as refusal:
        return await _page(request, db, identity, form.refused(refusal))
    return go(f"{root_of(request)}/abonnementen/{identity}?gedaan=beeindigd")
