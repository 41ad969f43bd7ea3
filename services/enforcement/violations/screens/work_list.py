"""The work list of violations on screen."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from services.enforcement.context import PageCtx, PageReading
from services.enforcement.locations.searching import limits_of
from services.enforcement.measures import queries as measures
from services.enforcement.presentation import (
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
from services.enforcement.violations import queries
from services.enforcement.violations.domain import ViolationState
from services.enforcement.violations.queries import Counts, ViolationRow
from shared.db.listing import Page as ListPage
from shared.http.paging import Page, Paging
from shared.product.roles import Scope
from shared.ui.spreadsheet import lines_of, streamed

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


def _filters(ctx: PageCtx) -> dict[str, Any]:
    states = {value: states for _, value, states, _ in VIEWS}
    return {
        "states": states.get(words_in(ctx, "weergave"), OPEN),
        "cell": words_in(ctx, "cel") or None,
        "participant": words_in(ctx, "deelnemer") or None,
        "location_id": uuid_in(ctx, "locatieId"),
        "incident_id": uuid_in(ctx, "incidentId"),
        **limits_of(words_in(ctx, "zoek")),
    }


@router.get("/overtredingen")
async def listed(ctx: PageReading, page: Page) -> Response:
    """What goes wrong first, on top."""
    found = await queries.work_list(page, ctx, **_filters(ctx))
    counts = await queries.counts(ctx)
    return templates.page(
        ctx.request,
        "enforcement/overtredingen.html",
        violations=found,
        clocks=await measures.first_clocks([row.id for row in found], ctx.rows),
        why=WHY,
        now=ctx.now,
        overdue=counts.overdue,
        views=_views(ctx, counts),
        participants=participants_of(ctx),
        chosen=typed_filters(ctx),
        **page_links(ctx, page, found.next_key),
        export_href="/enforcement/overtredingen.csv" + query_of(ctx),
    )


def _views(ctx: PageCtx, counts: Counts) -> list[dict[str, Any]]:
    present = one_of(words_in(ctx, "weergave"), [value for _, value, _, _ in VIEWS]) or ""
    shown: list[dict[str, Any]] = []
    for text, value, _, counted in VIEWS:
        href = ROOT + (f"?weergave={value}" if value else "")
        item = {"text": text, "href": href, "current": present == value}
        shown.append(item | ({"count": getattr(counts, counted)} if counted else {}))
    return shown


@router.get("/overtredingen.csv")
async def export(ctx: PageReading) -> Response:
    """The same selection as a file for a spreadsheet, whole however long it is."""
    ctx.require(Scope.ENFORCEMENT_READ)
    filters = _filters(ctx)
    header = (
        *("nummer", "status", "aard", "locatie", "deelnemer", "vastgesteld", "cel"),
        *("recidive", "eerste termijn", "hersteld"),
    )

    async def read(page: Paging, reading: PageCtx) -> ListPage[ViolationRow]:
        return await queries.work_list(page, reading, **filters)

    def line(row: ViolationRow) -> Sequence[Any]:
        return (
            *(row.number, row.state, row.nature, row.location_name),
            *(name_of(ctx, row.participant), row.established_on, row.cell),
            *("ja" if row.recidivism else "nee", row.due_on, row.resolved_on),
        )

    return streamed("overtredingen", header, lines_of(ctx, read, line))
