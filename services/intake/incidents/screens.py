"""Incidents: the list, and one with its complaints and the inspections asked for."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints.commands import linking
from services.intake.complaints.commands.linking import RequestInspection
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.context import Desk
from services.intake.dependencies import AtDesk
from services.intake.incidents import queries as incidents
from services.intake.incidents.domain import IncidentState
from services.intake.incidents.schemas import InspectionRequestIn
from services.intake.presentation import (
    TONES,
    Done,
    Identity,
    Viewer,
    Writer,
    checked,
    templates,
    version_in,
)
from shared.auth.caller import Caller
from shared.contracts.intake import Urgency
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db
from shared.http.paging import Page, Paging
from shared.participants import name_of
from shared.product.roles import Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
StateQuery = Annotated[str, Query(alias="status", pattern="^(lopend|afgesloten)?$")]


@router.get("/incidenten")
async def listed(
    request: Request, caller: Viewer, db: Db, desk: AtDesk, page: Page, state: StateQuery = "lopend"
) -> Response:
    """Incidents, newest first."""
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
        filters = {"state": state or None}
        found, next_key = await incidents.listed(rows, caller.participant_filter, filters, page)
    return templates.page(
        request,
        "intake/incidenten.html",
        incidents=found,
        views=[
            {"text": text, "href": f"/intake/incidenten?status={code}", "current": state == code}
            for code, text in (("lopend", "Lopend"), ("afgesloten", "Afgesloten"))
        ],
        category_name=reference.category_name,
        name_of=name_of,
        tones=TONES,
        next_href=page.next_url(next_key) if next_key else "",
        first_href=page.path if page.after else "",
    )


@router.get("/incidenten/{id}")
async def incident(
    request: Request,
    caller: Viewer,
    db: Db,
    desk: AtDesk,
    page: Page,
    identity: Identity,
    done: Done = "",
) -> Response:
    """One incident, with all who complained of it."""
    notice = "De controle is gevraagd." if done == "gevraagd" else ""
    return await _show(request, caller, db, desk, page, identity, Form(), notice=notice)


@router.post("/incidenten/{id}/controleverzoeken")
async def request_inspection(
    request: Request, caller: Writer, db: Db, desk: AtDesk, page: Page, identity: Identity
) -> Response:
    """Ask enforcement to go and see."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        asked = {"urgentie": form.text("urgentie"), "reden": form.text("reden")}
        body = checked(InspectionRequestIn, asked)
        command = RequestInspection(identity, version_in(form), body.urgency, body.reason, caller)
        await linking.request_inspection(command, work)
        return f"/intake/incidenten/{identity}?gedaan=gevraagd"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal)
        status = refusal.status
        return await _show(request, caller, db, desk, page, identity, refused, status=status)


async def _show(
    request: Request,
    caller: Caller,
    db: Database,
    desk: Desk,
    page: Paging,
    identity: UUID,
    form: Form,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    now = db.clock.now()
    async with db.read() as rows:
        row = await incidents.one(rows, identity, caller.participant_filter)
        reference = await desk.reference.get(rows)
        filters = {"incident_id": identity}
        own, next_key = await complaints.work_list(rows, caller.participant_filter, filters, page)
        requests = await incidents.requests(rows, identity)
        inspections = await incidents.inspections(rows, identity)
        violations = await incidents.violations(rows, identity)
        entries = await incidents.timeline(rows, identity)
    running = row["state"] == IncidentState.RUNNING
    return templates.page(
        request,
        "intake/incident.html",
        status_code=status,
        form=form,
        row=row,
        notice=notice,
        category=reference.category_name(row["category"]),
        participant=name_of(row["participant"]),
        tone=TONES[row["state"]],
        tones=TONES,
        complaints=[(one, urgent_clock(one, now)) for one in own],
        next_href=page.next_url(next_key) if next_key else "",
        requests=requests,
        inspections=inspections,
        violations=violations,
        timeline=[
            {
                "when": entry["at"],
                "what": entry["title"],
                "who": entry["actor"],
                "text": entry["detail"],
                "href": entry["link"],
            }
            for entry in entries
        ],
        urgencies=[(str(each), str(each).capitalize()) for each in Urgency],
        may_ask=running and caller.may(Scope.COMPLAINTS_WRITE),
    )
