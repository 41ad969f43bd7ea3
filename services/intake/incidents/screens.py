"""Incidents: the list, and one with its complaints and the inspections asked for."""

from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.context import Ctx, PageCtx, PageReading, PageWriting
from services.intake.incidents import commands, queries
from services.intake.incidents.domain import IncidentState
from services.intake.incidents.schemas import InspectionRequestIn
from services.intake.presentation import (
    TONES,
    WHOLE,
    WORDS,
    Done,
    Identity,
    choices,
    entries_of,
    templates,
)
from shared.contracts.intake import Urgency
from shared.http.paging import Page, Paging
from shared.participants import names_for
from shared.product.roles import Scope
from shared.ui.forms import Form

router = APIRouter()
StateQuery = Annotated[str, Query(alias="status", pattern="^(lopend|afgesloten)?$")]


@router.get("/incidenten")
async def listed(ctx: PageReading, page: Page, state: StateQuery = "lopend") -> Response:
    """Incidents, newest first."""
    found = await queries.listed(ctx, page, state=state or None)
    reference = await ctx.kit.reference.get(ctx.rows)
    return templates.page(
        ctx.request,
        "intake/incidenten.html",
        incidents=found,
        views=[
            {"text": text, "href": f"/intake/incidenten?status={code}", "current": state == code}
            for code, text in (("lopend", "Lopend"), ("afgesloten", "Afgesloten"))
        ],
        category_name=reference.category_name,
        name_of=names_for(ctx.request).name_of,
        tones=TONES,
        next_href=page.next_url(found.next_key) if found.next_key else "",
        first_href=page.path if page.after else "",
    )


@router.get("/incidenten/{id}")
async def incident(ctx: PageReading, page: Page, identity: Identity, done: Done = "") -> Response:
    """One incident, with all who complained of it."""
    notice = "De controle is gevraagd." if done == "gevraagd" else ""
    return await _show(ctx, Form(), 200, identity=identity, page=page, notice=notice)


@router.post("/incidenten/{id}/controleverzoeken")
async def request_inspection(sent: PageWriting, page: Page, identity: Identity) -> Response:
    """Ask enforcement to go and see."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(InspectionRequestIn, WORDS)
        await commands.request_inspection(body.command(identity, form.version), ctx)
        return f"/intake/incidenten/{identity}?gedaan=gevraagd"

    return await sent.submit(act, otherwise=partial(_show, identity=identity, page=page))


async def _show(
    ctx: PageCtx,
    form: Form,
    status: int,
    *,
    identity: UUID,
    page: Paging,
    notice: str = "",
) -> Response:
    row = await queries.one(identity, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    own = await complaints.work_list(ctx, page, incident_id=identity)
    return templates.page(
        ctx.request,
        "intake/incident.html",
        status_code=status,
        form=form,
        row=row,
        notice=notice,
        category=reference.category_name(row.category),
        participant=names_for(ctx.request).name_of(row.participant),
        tone=TONES[row.state],
        tones=TONES,
        complaints=[(each, urgent_clock(each, ctx.now)) for each in own],
        next_href=page.next_url(own.next_key) if own.next_key else "",
        requests=await queries.requests(identity, WHOLE, ctx),
        inspections=await queries.inspections(identity, ctx),
        violations=await queries.violations(identity, ctx),
        timeline=entries_of(await queries.timeline(identity, WHOLE, ctx)),
        urgencies=choices(Urgency),
        may_ask=row.state is IncidentState.RUNNING and ctx.caller.may(Scope.COMPLAINTS_WRITE),
    )
