"""Inspections on screen: the list, planning one, and the page that an inspector fills outdoors."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.context import Ctx, PageCtx, PageReading, PageWriting
from services.enforcement.inspections import commands, queries
from services.enforcement.inspections.domain import FindingResult, InspectionState
from services.enforcement.inspections.queries import Counts, FindingRow, InspectionRow
from services.enforcement.inspections.schemas import CompletionIn, FindingIn, InspectionIn
from services.enforcement.locations import queries as locations
from services.enforcement.locations.searching import limits_of
from services.enforcement.policy import queries as policy
from services.enforcement.presentation import (
    Identity,
    name_of,
    one_of,
    page_links,
    participants_of,
    query_of,
    templates,
    typed_filters,
    uuid_in,
    words_in,
)
from services.enforcement.violations import queries as violation_queries
from shared.contracts.enforcement import InspectionKind
from shared.db.listing import Page as ListPage
from shared.errors import NotFound, unknown
from shared.http.paging import Page, Paging
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.reading import Words
from shared.ui.spreadsheet import lines_of, streamed

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
LABELS: Final = {
    "soort": "controletype",
    "locatieId": "locatie",
    "controledatum": "datum",
    "controleOnderwerp": "onderwerp",
    "controleAandachtspunt": "aandachtspunt",
    "resultaat": "wat u aantreft",
    "uitvoeringsdatum": "uitgevoerd op",
}
WORDS: Final = Words(labels=LABELS)
FieldText = Annotated[str, Query(max_length=200)]


def _filters(ctx: PageCtx) -> dict[str, Any]:
    view = words_in(ctx, "weergave")
    states = {"uitgevoerd": [InspectionState.COMPLETED], "alle": None}
    return {
        "states": states.get(view, [InspectionState.PLANNED]),
        "inspector": ctx.caller.subject if view == "mijn" else None,
        "kind": one_of(words_in(ctx, "soort"), InspectionKind),
        "participant": words_in(ctx, "deelnemer") or None,
        "location_id": uuid_in(ctx, "locatieId"),
        "incident_id": uuid_in(ctx, "incidentId"),
        **limits_of(words_in(ctx, "zoek")),
    }


@router.get("/controles")
async def listed(ctx: PageReading, page: Page) -> Response:
    """What has to be inspected, by its day."""
    found = await queries.work_list(page, ctx, **_filters(ctx))
    return templates.page(
        ctx.request,
        "enforcement/controles.html",
        inspections=found,
        now=ctx.now,
        views=_views(ctx, await queries.counts(ctx)),
        kinds=[(str(kind), str(kind).capitalize()) for kind in InspectionKind],
        participants=participants_of(ctx),
        chosen=typed_filters(ctx),
        **page_links(ctx, page, found.next_key),
        export_href="/enforcement/controles.csv" + query_of(ctx),
        may_plan=ctx.caller.may(Scope.INSPECTIONS_WRITE),
    )


def _views(ctx: PageCtx, counts: Counts) -> list[dict[str, Any]]:
    present = words_in(ctx, "weergave")
    shown = []
    for text, value, counted in VIEWS:
        item: dict[str, Any] = {
            "text": text,
            "href": ROOT + (f"?weergave={value}" if value else ""),
            "current": present == value,
        }
        shown.append(item | ({"count": getattr(counts, counted)} if counted else {}))
    return shown


@router.get("/controles.csv")
async def export(ctx: PageReading) -> Response:
    """The same selection as a file for a spreadsheet, whole however long it is."""
    ctx.require(Scope.INSPECTIONS_READ)
    filters = _filters(ctx)
    header = ("nummer", "soort", "status", "locatie", "deelnemer", "gepland", "uitgevoerd")

    async def read(page: Paging, reading: PageCtx) -> ListPage[InspectionRow]:
        return await queries.work_list(page, reading, **filters)

    def line(row: InspectionRow) -> Sequence[Any]:
        return (
            *(row.number, row.kind, row.state, row.location_name),
            *(name_of(ctx, row.participant), row.planned_on, row.completed_on),
        )

    return streamed("controles", header, lines_of(ctx, read, line))


@router.get("/controles/nieuw")
async def new(ctx: PageReading, locatie: FieldText = "") -> Response:
    """The form to plan an inspection."""
    start = {"locatieId": locatie, "controledatum": ctx.today.isoformat()}
    return await _planning(ctx, Form(start))


async def _planning(ctx: PageCtx, form: Form, status: int = 200) -> Response:
    ctx.require(Scope.INSPECTIONS_WRITE)
    kinds = [(str(kind), str(kind).capitalize()) for kind in _PLANNED]
    return templates.page(
        ctx.request, "enforcement/controle_nieuw.html", form=form, kinds=kinds, status_code=status
    )


_PLANNED: Final = tuple(kind for kind in InspectionKind if kind is not InspectionKind.REINSPECTION)


@router.post("/controles/nieuw")
async def plan(sent: PageWriting) -> Response:
    """Plan it, and go to its page."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = (await _placed(form, ctx)).read(InspectionIn, WORDS)
        planned = await commands.plan(body.command(), ctx)
        return f"{ROOT}/{planned.id}"

    return await sent.submit(act, otherwise=_planning)


async def _placed(form: Form, ctx: Ctx) -> Form:
    """The form with the location that was meant: people type its number or its name."""
    words = form.text("locatieId")
    if not words:
        return form
    place = await locations.named(words, ctx)
    if place is None:
        raise unknown("location_id", "Vul het nummer of de naam van een locatie in.")
    return replace(form, fields={**form.fields, "locatieId": str(place.id)})


@router.get("/controles/{id}")
async def one(
    ctx: PageReading,
    identity: Identity,
    wijzig: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """The page of an inspection."""
    return await _page(ctx, None, 200, identity=identity, changing=wijzig)


def _typed(found: list[FindingRow], sequence: int) -> Form:
    """A finding as it stands in the form."""
    finding = next((each for each in found if each.sequence == sequence), None)
    if finding is None:
        raise NotFound("Deze bevinding bestaat niet.")
    return Form(
        {
            "controleOnderwerp": finding.topic,
            "resultaat": finding.result,
            "controleAandachtspunt": finding.attention_point or "",
            "voorschrift": finding.rule or "",
            "bijzonderheden": finding.details or "",
            "gevolg": finding.consequence or "",
            "gedrag": finding.behaviour or "",
        }
    )


async def _page(
    ctx: PageCtx, form: Form | None, status: int, *, identity: UUID, changing: int = 0
) -> Response:
    row = await queries.one(identity, ctx)
    findings = await queries.findings(row, ctx.rows)
    if form is None:
        form = _typed(findings, changing) if changing else Form()
    again = None
    if row.violation_id is not None:
        again = await violation_queries.one(row.violation_id, ctx, Scope.INSPECTIONS_READ)
    open_now = row.state is InspectionState.PLANNED
    return templates.page(
        ctx.request,
        "enforcement/controle.html",
        status_code=status,
        form=form,
        inspection=row,
        findings=findings,
        again=again,
        topics=[(each.code, each.name) for each in await policy.topics(ctx)],
        results=RESULTS,
        changing=changing,
        today=ctx.today,
        now=ctx.now,
        may_write=open_now and ctx.caller.may(Scope.INSPECTIONS_WRITE),
    )


@router.post("/controles/{id}/bevindingen")
async def record(sent: PageWriting, identity: Identity) -> Response:
    """Add a finding, or replace the one that is being corrected."""
    sequence = sent.form.text("volgnummer")
    changing = int(sequence) if sequence.isascii() and sequence.isdecimal() else 0

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(FindingIn, WORDS)
        if changing:
            await commands.correct(body.correction(identity, changing, form.version), ctx)
        else:
            await commands.record(body.recording(identity), ctx)
        return f"{ROOT}/{identity}#bevindingen"

    return await sent.submit(act, otherwise=partial(_page, identity=identity, changing=changing))


@router.post("/controles/{id}/afronding")
async def complete(sent: PageWriting, identity: Identity) -> Response:
    """Make the findings final."""

    async def act(form: Form, ctx: Ctx) -> str:
        body = form.read(CompletionIn, WORDS)
        await commands.complete(body.command(identity, form.version), ctx)
        return f"{ROOT}/{identity}"

    return await sent.submit(act, otherwise=partial(_page, identity=identity))
