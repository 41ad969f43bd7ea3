"""Weeks that wait for approval, each with its lines beside the two buttons."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.reporting.presentation import Approver, Done, Identity, templates, version_in
from services.reporting.prices import queries as prices_queries
from services.reporting.weeks import commands as handlers
from services.reporting.weeks import queries as hours
from services.reporting.weeks.domain import State, week_of
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db
from shared.http.paging import Page, Paging
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
HERE = "/reporting/uren/goedkeuren"
DONE = {"goedgekeurd": "De weekstaat is goedgekeurd.", "afgewezen": "De weekstaat is afgewezen."}


@router.get("/uren/goedkeuren")
async def waiting(
    request: Request, caller: Approver, db: Db, page: Page, done: Done = ""
) -> Response:
    """What others handed in, the newest week first."""
    return await _page(request, caller, db, page, Form(), notice=DONE.get(done, ""))


@router.post("/uren/goedkeuren/{id}")
async def judge(
    request: Request, caller: Approver, db: Db, page: Page, identity: Identity
) -> Response:
    """Approve the week, or send it back with a reason."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        if form.text("actie") == "goedkeuren":
            await handlers.approve(identity, version_in(form), caller, work)
            return f"{HERE}?gedaan=goedgekeurd"
        await handlers.reject(identity, version_in(form), form.text("reden"), caller, work)
        return f"{HERE}?gedaan=afgewezen"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal, {"reden": f"reden-{identity}"})
        return await _page(request, caller, db, page, refused, status=refusal.status)


async def _page(
    request: Request,
    caller: Caller,
    db: Database,
    page: Paging,
    form: Form,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    today = local_date(db.clock.now())
    filters = {"state": State.SUBMITTED, "not_employee": caller.employee}
    async with db.read() as rows:
        sheets, next_key = await hours.SHEETS.page(rows, page, filters)
        lines = {sheet["id"]: await hours.lines_of(rows, sheet["id"]) for sheet in sheets}
        week = await prices_queries.parameter_on(rows, "werkweek", today)
    return templates.page(
        request,
        "reporting/goedkeuren.html",
        status_code=status,
        form=form,
        sheets=sheets,
        lines=lines,
        week_of=week_of,
        expected=week["minuten"] if week else 0,
        notice=notice,
        next_href=page.next_url(next_key) if next_key else "",
    )
