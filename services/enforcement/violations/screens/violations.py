"""Violations on screen: the work list, and the whole file on one page."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.filters import like
from services.enforcement.inspections import commands as inspections
from services.enforcement.measures import commands as measures
from services.enforcement.measures import queries as measure_views
from services.enforcement.measures.schemas import MeasureIn
from services.enforcement.rendering import (
    EXPORTED_AT_MOST,
    CaseViewer,
    CaseWriter,
    Identity,
    InspectionWriter,
    amount_in,
    checked,
    filled,
    known,
    participants_of,
    templates,
    uuid_in,
    version_in,
)
from services.enforcement.violations import commands as violations
from services.enforcement.violations import queries as views
from services.enforcement.violations.domain import ViolationState
from services.enforcement.violations.schemas import PositionIn
from services.enforcement.violations.screens.dossier import dossier
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page, Paging
from shared.participants import name_of
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once
from shared.ui.links import with_query
from shared.ui.spreadsheet import spreadsheet

router = APIRouter()
ROOT: Final = "/enforcement/overtredingen"
OPEN: Final = [state for state in ViolationState if state is not ViolationState.RESOLVED]
VIEWS: Final = (
    ("Open", "", OPEN, "open"),
    ("Te positioneren", "te-positioneren", [ViolationState.ESTABLISHED], "unplaced"),
    ("Maatregel kiezen", "maatregel-kiezen", [ViolationState.POSITIONED], "placed"),
    ("In handhaving", "in-handhaving", [ViolationState.ENFORCED], "enforced"),
    ("Hersteld", "hersteld", [ViolationState.RESOLVED], None),
)
WHY: Final = {
    ViolationState.ESTABLISHED: "Nog niet gepositioneerd",
    ViolationState.POSITIONED: "Nog geen maatregel opgelegd",
    ViolationState.ENFORCED: "Maatregel loopt",
    ViolationState.RESOLVED: "Hersteld",
}


def _filters(request: Request) -> dict[str, Any]:
    asked = request.query_params
    states = {value: states for _, value, states, _ in VIEWS}
    return {
        "states": states.get(asked.get("weergave", ""), OPEN),
        "cell": asked.get("cel", "").replace("\x00", "") or None,
        "participant": asked.get("deelnemer", "").replace("\x00", "") or None,
        "location_id": uuid_in(asked.get("locatieId", "")),
        "incident_id": uuid_in(asked.get("incidentId", "")),
        "like": like(asked.get("zoek", "")[:200]),
    }


@router.get("/overtredingen")
async def listed(
    request: Request, caller: CaseViewer, rows: Reading, db: Db, page: Page
) -> Response:
    """What goes wrong first, on top."""
    found, next_key = await views.work_list(
        rows, caller.participant_filter, _filters(request), page
    )
    today = local_date(db.clock.now())
    counts = await views.counts(rows, caller.participant_filter, today=today)
    return templates.page(
        request,
        "enforcement/overtredingen.html",
        violations=found,
        clocks=await measure_views.first_clocks(rows, [row["id"] for row in found]),
        why=WHY,
        now=db.clock.now(),
        overdue=counts["overdue"],
        views=_views(request, counts),
        participants=participants_of(caller),
        chosen={name: value[:200] for name, value in request.query_params.items()},
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(request, cursor=None) if page.after else "",
        export_href="/enforcement/overtredingen.csv" + _query(request),
    )


def _query(request: Request) -> str:
    path = with_query(request, cursor=None)
    return path[path.find("?") :] if "?" in path else ""


def _views(request: Request, counts: Row) -> list[dict[str, Any]]:
    asked = request.query_params.get("weergave", "")
    present = known(asked, [value for _, value, _, _ in VIEWS]) or ""
    shown: list[dict[str, Any]] = []
    for text, value, _, counted in VIEWS:
        href = ROOT + (f"?weergave={value}" if value else "")
        item = {"text": text, "href": href, "current": present == value}
        shown.append(item | ({"count": counts[counted]} if counted else {}))
    return shown


@router.get("/overtredingen.csv")
async def export(request: Request, caller: CaseViewer, rows: Reading) -> Response:
    """The same selection as a file for a spreadsheet."""
    whole = Paging(None, EXPORTED_AT_MOST, "", ())
    found, _ = await views.work_list(rows, caller.participant_filter, _filters(request), whole)
    header = (
        *("nummer", "status", "aard", "locatie", "deelnemer", "vastgesteld", "cel"),
        *("recidive", "eerste termijn", "hersteld"),
    )
    return spreadsheet(
        "overtredingen",
        header,
        (
            (
                *(row["number"], row["state"], row["nature"], row["location_name"]),
                *(name_of(row["participant"]), row["established_on"], row["cell"]),
                *("ja" if row["recidivism"] else "nee", row["due_on"], row["resolved_on"]),
            )
            for row in found
        ),
    )


@router.get("/overtredingen/{id}")
async def one(
    request: Request, caller: CaseViewer, rows: Reading, db: Db, identity: Identity
) -> Response:
    """The whole file of a violation."""
    return await dossier(request, caller, rows, db.clock.now(), identity, Form())


async def _again(
    request: Request, caller: Caller, db: Db, identity: Identity, form: Form, status: int
) -> Response:
    async with db.read() as rows:
        return await dossier(request, caller, rows, db.clock.now(), identity, form, status=status)


def _position(form: Form, codes: list[Row]) -> PositionIn:
    aspects = [
        {
            "aspect": row["code"],
            "soort": row["kind"],
            "motivering": form.text(f"aspect-{row['position']}"),
        }
        for row in codes
        if form.text(f"aspect-{row['position']}")
    ]
    cell = form.text("cel")
    unknown = form.text("gedragOnbekend") == "ja"
    values = filled(
        gevolg=cell[1:],
        gedrag="" if unknown else cell[:1],
        toelichtingGevolg=form.text("toelichtingGevolg"),
        toelichtingGedrag=form.text("toelichtingGedrag"),
        celDefinitief=form.text("celDefinitief"),
        redenHerpositionering=form.text("redenHerpositionering"),
        aspecten=aspects,
    )
    if form.text("recidive"):
        values["recidive"] = form.text("recidive") == "ja"
    return checked(PositionIn, values)


@router.post("/overtredingen/{id}/positioneren")
async def position(request: Request, caller: CaseWriter, db: Db, identity: Identity) -> Response:
    """Give the violation its place in the matrix."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        body = _position(form, await views.aspects(work))
        change = Change(identity, version_in(form), caller)
        await violations.position(change, body.assessment(), work)
        return f"{ROOT}/{identity}#positie"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused, {"gevolg": "cel", "gedrag": "cel"})
        return await _again(request, caller, db, identity, refusal, refused.status)


def _measure(form: Form) -> MeasureIn:
    days = form.text("begunstigingsdagen")
    order = filled(
        wijze=form.text("wijze"),
        bedrag=amount_in(form.text("bedrag")),
        maximum=amount_in(form.text("maximum")),
        tijdseenheid=form.text("tijdseenheid"),
    )
    values = filled(
        handhavingsinstrument=form.text("instrument"),
        redenAfwijking=form.text("redenAfwijking"),
        begunstigingsdagen=int(days) if days.isascii() and days.isdecimal() else days,
        herstelmaatregelen=form.text("herstelmaatregelen"),
        toelichting=form.text("toelichting"),
        last=order if order.get("bedrag") or order.get("maximum") else {},
    )
    return checked(MeasureIn, values)


FIELDS: Final = {
    "handhavingsinstrument": "instrument",
    "last.bedrag": "bedrag",
    "last.maximum": "maximum",
    "last.wijze": "wijze",
    "last.tijdseenheid": "tijdseenheid",
    "last": "bedrag",
}


@router.post("/overtredingen/{id}/maatregel")
async def choose(request: Request, caller: CaseWriter, db: Db, identity: Identity) -> Response:
    """Choose a measure, following the advice or not."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        body = _measure(form)
        change = Change(identity, version_in(form), caller)
        chosen = await measures.choose(change, body.choice(caller, work), work)
        return f"{ROOT}/{identity}#maatregel-{chosen.number}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        refusal = form.refused(refused, FIELDS)
        return await _again(request, caller, db, identity, refusal, refused.status)


@router.post("/overtredingen/{id}/hercontrole")
async def plan_again(
    request: Request, caller: InspectionWriter, db: Db, identity: Identity
) -> Response:
    """Plan a re-inspection for today, and go to its page."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        planned = await inspections.plan_again(Change(identity, None, caller), None, work)
        return f"/enforcement/controles/{planned.id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        return await _again(request, caller, db, identity, form.refused(refused), refused.status)
