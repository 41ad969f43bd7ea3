"""Subscriptions of others: how deliveries go, resume, new secrets, end."""

from dataclasses import replace
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
from shared.context import WriteContext
from shared.errors import invalid
from shared.product.roles import Scope
from shared.ui.context import PageReadContext, Submission
from shared.ui.forms import Form
from shared.webhooks import handlers, store
from shared.webhooks.schemas import SecretsIn
from shared.webhooks.states import SubscriptionState

router = APIRouter()

MOST = 50
Before = Annotated[int | None, Query(alias="voor", ge=0, le=2**63 - 1)]


@router.get("/gebeurtenissen/abonnementen/{id}")
async def one(ctx: Reading, identity: Identity, before: Before = None, done: Done = "") -> Response:
    """A subscription with its delivery log, the last attempt first."""
    return await _page(ctx, Form(), identity=identity, before=before, done=done)


async def _page(
    ctx: PageReadContext[Any],
    form: Form,
    status: int = 200,
    *,
    identity: UUID,
    before: int | None = None,
    done: str = "",
) -> Response:
    ctx.require(Scope.EVENTS_MANAGE)
    ctx.require_agency()
    row = await store.one(ctx.rows, identity, None)
    found = await store.attempts(ctx.rows, identity, before, MOST + 1)
    attempts = found[:MOST]
    address = f"{root_of(ctx.request)}/abonnementen/{identity}"
    return templates.page(
        ctx.request,
        "gebeurtenissen/abonnement.html",
        status_code=status,
        **frame(ctx.request, done),
        form=form,
        row=row,
        attempts=attempts,
        may_resume=row["state"] == SubscriptionState.SUSPENDED,
        may_end=row["state"] != SubscriptionState.ENDED,
        next_href=f"{address}?voor={attempts[-1]['id']}" if len(found) > MOST else "",
        first_href=address if before is not None else "",
    )


@router.post("/gebeurtenissen/abonnementen/{id}/hervatten")
async def resume(sent: Writing, identity: Identity) -> Response:
    """Go on where it was."""

    async def act(_: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        await handlers.resume(ctx.work, ctx.caller, identity)
        return _done(sent, identity, "hervat")

    return await sent.submit(act, otherwise=partial(_page, identity=identity))


@router.post("/gebeurtenissen/abonnementen/{id}/geheimen")
async def secrets(sent: Writing, identity: Identity) -> Response:
    """Replace the secrets, as the subscriber gave them; they are never shown again."""
    settings = sent.request.app.state.settings

    async def act(form: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        given = form.read(SecretsIn)
        await handlers.replace_secrets(
            ctx.work, ctx.caller, identity, given.token, given.signing_key, settings
        )
        return _done(sent, identity, "geheimen")

    async def page(ctx: PageReadContext[Any], form: Form, status: int) -> Response:
        # Without what was typed: a page must not show a secret.
        return await _page(ctx, replace(form, fields={}), status, identity=identity)

    return await sent.submit(act, otherwise=page)


@router.post("/gebeurtenissen/abonnementen/{id}/beeindigen")
async def end(sent: Writing, identity: Identity) -> Response:
    """End it for good, with a reason that the subscriber can read."""

    async def act(form: Form, ctx: WriteContext[Any]) -> str:
        ctx.require(Scope.EVENTS_MANAGE)
        ctx.require_agency()
        reason = form.text("reden")[:1000]
        if not reason:
            raise invalid("reason", "ontbreekt", "Geef de reden; de abonnee kan haar lezen.")
        await handlers.end(ctx.work, ctx.caller, identity, reason=reason)
        return _done(sent, identity, "beeindigd")

    return await sent.submit(act, otherwise=partial(_page, identity=identity))


def _done(sent: Submission[Any], identity: UUID, notice: str) -> str:
    return f"{root_of(sent.request)}/abonnementen/{identity}?gedaan={notice}"
