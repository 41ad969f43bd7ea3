"""Inspections on screen: the list, planning one, and the page that an inspector fills outdoors."""

from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.filters import like
from services.enforcement.inspections import commands as handlers
from services.enforcement.inspections import queries as views
from services.enforcement.inspections.domain import FindingResult, InspectionState
from services.enforcement.inspections.schemas import CompletionIn, FindingIn, InspectionIn
from services.enforcement.locations import queries as locations
from services.enforcement.rendering import (
    EXPORTED_AT_MOST,
    Identity,
    InspectionViewer,
    InspectionWriter,
    checked,
    filled,
    known,
    participants_of,
    templates,
    uuid_in,
    version_in,
)
from services.enforcement.violations import queries as violation_views
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.enforcement import InspectionKind
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound, Refused, conflict
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page, Paging
from shared.participants import name_of
from shared.product.roles import Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once
from shared.ui.links import with_query
from shared.ui.spreadsheet import spreadsheet

router = APIRouter()
ROOT: Final = "/enforcement/controles"
VIEWS: Final = (
    ("Gepland", "", "planned"),
    ("Van mij", "mijn", "mine"),
    ("Uitgevoerd", "uitgevoerd", None),
    ("Alle", "alle", None),
)
RESULTS: Final = (
    (FindingResult.COMPLIANT, "Voorschriften nageleefd"),
    (FindingResult.AGREED, "Akkoord na aanwijzing"),
    (FindingResult.FURTHER, "Nader onderzoek noodzakelijk"),
    (FindingResult.VIOLATED, "Niet akkoord, voorschriften overtreden"),
    (FindingResult.NOT_APPLICABLE, "Niet van toepassing"),
)
FieldText = Annotated[str, Query(max_length=200)]


def _filters(request: Request, caller: Caller) -> dict[str, Any]:
    asked = request.query_params
    view = asked.get("weergave", "")
    states = {"uitgevoerd": [InspectionState.COMPLETED], "alle": None}
    return {
        "states": states.get(view, [InspectionState.PLANNED]),
        "inspector": caller.subject if view == "mijn" else None,
        "kind": known(asked.get("soort", ""), InspectionKind),
        "participant": asked.get("deelnemer", "").replace("\x00", "") or None,
        "location_id": uuid_in(asked.get("locatieId", "")),
        "incident_id": uuid_in(asked.get("incidentId", "")),
        "like": like(asked.get("zoek", "")[:200]),
    }


@router.get("/controles")
async def listed(
    request: Request, caller: InspectionViewer, rows: Reading, db: Db, page: Page
) -> Response:
    """What has to be inspected, by its day."""
    today = local_date(db.clock.now())
    filters = _filters(request, caller)
    found, next_key = await views.work_list(rows, caller.participant_filter, filters, page)
    counts = await views.counts(
        rows, caller.participant_filter, today=today, inspector=caller.subject
    )
    return templates.page(
        request,
        "enforcement/controles.html",
        inspections=found,
        now=db.clock.now(),
        views=_views(request, counts),
        kinds=[(str(kind), str(kind).capitalize()) for kind in InspectionKind],
        participants=participants_of(caller),
        chosen={name: value[:200] for name, value in request.query_params.items()},
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(request, cursor=None) if page.after else "",
        export_href="/enforcement/controles.csv" + _query(request),
        may_plan=caller.may(Scope.INSPECTIONS_WRITE),
    )


def _query(request: Request) -> str:
    path = with_query(request, cursor=None)
    return path[path.find("?") :] if "?" in path else ""


def _views(request: Request, counts: Row) -> list[dict[str, Any]]:
    present = request.query_params.get("weergave", "")
    shown = []
    for text, value, counted in VIEWS:
        item: dict[str, Any] = {
            "text": text,
            "href": ROOT + (f"?weergave={value}" if value else ""),
            "current": present == value,
        }
        shown.append(item | ({"count": counts[counted]} if counted else {}))
    return shown


@router.get("/controles.csv")
async def export(request: Request, caller: InspectionViewer, rows: Reading) -> Response:
    """The same selection as a file for a spreadsheet."""
    whole = Paging(None, EXPORTED_AT_MOST, "", ())
    filters = _filters(request, caller)
    found, _ = await views.work_list(rows, caller.participant_filter, filters, whole)
    header = ("nummer", "soort", "status", "locatie", "deelnemer", "gepland", "uitgevoerd")
    return spreadsheet(
        "controles",
        header,
        (
            (
                *(row["number"], row["kind"], row["state"], row["location_name"]),
                *(name_of(row["participant"]), row["planned_on"], row["completed_on"]),
            )
            for row in found
        ),
    )


@router.get("/controles/nieuw")
async def new(
    request: Request, caller: InspectionWriter, db: Db, locatie: FieldText = ""
) -> Response:
    """The form to plan an inspection."""
    start = {"locatie": locatie, "controledatum": local_date(db.clock.now()).isoformat()}
    return _planning(request, Form(start))


def _planning(request: Request, form: Form, status: int = 200) -> Response:
    kinds = [(str(kind), str(kind).capitalize()) for kind in _PLANNED]
    return templates.page(
        request, "enforcement/controle_nieuw.html", form=form, kinds=kinds, status_code=status
    )


_PLANNED: Final = tuple(kind for kind in InspectionKind if kind is not InspectionKind.REINSPECTION)


@router.post("/controles/nieuw")
async def plan(request: Request, caller: InspectionWriter, db: Db) -> Response:
    """Plan it, and go to its page."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        place = await locations.by_number(work, form.text("locatie"), caller.participant_filter)
        if place is None:
            raise conflict("locatie", "onbekend", "Vul het nummer of de naam van een locatie in.")
        values = filled(
            soort=form.text("soort"),
            locatieId=str(place["id"]),
            controledatum=form.text("controledatum"),
            toelichting=form.text("toelichting"),
        )
        planned = await handlers.plan(checked(InspectionIn, values).command(caller), work)
        return f"{ROOT}/{planned.id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        return _planning(request, form.refused(refused), refused.status)


@router.get("/controles/{id}")
async def one(
    request: Request,
    caller: InspectionViewer,
    rows: Reading,
    db: Db,
    identity: Identity,
    wijzig: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The page of an inspection."""
    found = await views.findings(rows, identity)
    form = Form()
    if wijzig:
        form = Form(_typed(next((each for each in found if each["sequence"] == wijzig), None)))
    return await _page(request, caller, rows, db, identity, form, changing=wijzig)


def _typed(finding: Row | None) -> dict[str, str]:
    """A finding as it stands in the form."""
    if finding is None:
        raise NotFound("Deze bevinding bestaat niet.")
    names = {
        "onderwerp": "topic",
        "resultaat": "result",
        "aandachtspunt": "attention_point",
        "voorschrift": "rule",
        "bijzonderheden": "details",
        "gevolg": "consequence",
        "gedrag": "behaviour",
    }
    return {field: finding[column] or "" for field, column in names.items()}


async def _page(
    request: Request,
    caller: Caller,
    rows: Rows,
    db: Db,
    identity: UUID,
    form: Form,
    *,
    changing: int = 0,
    status: int = 200,
) -> Response:
    row = await views.one(rows, identity, caller.participant_filter)
    again = None
    if row["violation_id"] is not None:
        again = await violation_views.one(rows, row["violation_id"], None)
    open_now = row["state"] == InspectionState.PLANNED
    return templates.page(
        request,
        "enforcement/controle.html",
        status_code=status,
        form=form,
        inspection=row,
        findings=await views.findings(rows, identity),
        again=again,
        topics=[(each["code"], each["name"]) for each in await views.topics(rows)],
        results=RESULTS,
        changing=changing,
        today=local_date(db.clock.now()),
        now=db.clock.now(),
        may_write=open_now and caller.may(Scope.INSPECTIONS_WRITE),
    )


def _finding(form: Form) -> FindingIn:
    values = filled(
        controleOnderwerp=form.text("onderwerp"),
        resultaat=form.text("resultaat"),
        controleAandachtspunt=form.text("aandachtspunt"),
        voorschrift=form.text("voorschrift"),
        bijzonderheden=form.text("bijzonderheden"),
        gevolg=form.text("gevolg"),
        gedrag=form.text("gedrag"),
        nieuweOvertreding=form.text("nieuw") == "ja",
    )
    return checked(FindingIn, values)


FIELDS: Final = {
    "controleOnderwerp": "onderwerp",
    "controleAandachtspunt": "aandachtspunt",
}


@router.post("/controles/{id}/bevindingen")
async def record(
    request: Request, caller: InspectionWriter, db: Db, identity: Identity
) -> Response:
    """Add a finding, or replace the one that is being corrected."""
    form = await read_form(request)
    sequence = form.text("volgnummer")
    changing = int(sequence) if sequence.isascii() and sequence.isdecimal() else 0

    async def act(work: UnitOfWork) -> str:
        body = _finding(form)
        if changing:
            change = Change(identity, version_in(form), caller)
            finding = body.finding(changing)
            await handlers.correct(change, finding, work, elsewhere=body.new_violation)
        else:
            change = Change(identity, None, caller)
            await handlers.record(change, body.finding(), work, elsewhere=body.new_violation)
        return f"{ROOT}/{identity}#bevindingen"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused, FIELDS)
        return await _again(request, caller, db, identity, refusal, changing, refused.status)


@router.post("/controles/{id}/afronding")
async def complete(
    request: Request, caller: InspectionWriter, db: Db, identity: Identity
) -> Response:
    """Make the findings final."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        values = filled(uitvoeringsdatum=form.text("uitvoeringsdatum"))
        day = checked(CompletionIn, values).completed_on
        await handlers.complete(Change(identity, version_in(form), caller), day, work)
        return f"{ROOT}/{identity}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused)
        return await _again(request, caller, db, identity, refusal, 0, refused.status)


async def _again(
    request: Request,
    caller: Caller,
    db: Db,
    identity: UUID,
    form: Form,
    changing: int,
    status: int,
) -> Response:
    async with db.read() as rows:
        return await _page(
            request, caller, rows, db, identity, form, changing=changing, status=status
        )
