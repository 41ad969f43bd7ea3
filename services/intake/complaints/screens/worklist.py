"""The work list of complaints: what goes wrong first stands on top."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from services.intake.complaints import queries, searching
from services.intake.complaints.domain.complaint import FINISHED, OPEN
from services.intake.complaints.queries import ComplaintRow, Counts
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.context import PageCtx, PageReading
from services.intake.presentation import TONES, templates
from services.intake.reference.domain.lists import Reference
from shared.db.listing import Page as Found
from shared.http.paging import Page, Paging
from shared.http.schema import PLAIN_TEXT
from shared.participants import ParticipantNames, names_for
from shared.product.roles import Scope
from shared.ui.formats import getal
from shared.ui.links import with_query
from shared.ui.spreadsheet import lines_of, streamed

router = APIRouter()
Searched = Annotated[str, Query(alias="zoek", max_length=200)]
View = Annotated[str, Query(alias="weergave", pattern="^(open|laat|mijn|vrij|klaar)?$")]
Code = Annotated[str, Query(max_length=60, pattern=PLAIN_TEXT)]
VIEWS: Final = {
    "open": "Open",
    "laat": "Te laat",
    "mijn": "Van mij",
    "vrij": "Zonder behandelaar",
    "klaar": "Afgehandeld",
}
HERE: Final = "/intake/klachten"
# On the page, and in a file; who searches for more is told so.
FOUND_AT_MOST: Final = 20
IN_A_FILE: Final = 1_000
LEFT_OUT: Final = f"Er zijn meer dan {getal(IN_A_FILE)} klachten gevonden, zoek preciezer."
COLUMNS: Final = (
    *("nummer", "status", "soort", "urgentie", "binnengekomen via", "ontvangen", "gemerkt op"),
    *("straat", "huisnummer", "postcode", "plaats"),
    *("locatie", "locatienummer", "incident", "deelnemer", "behandelaar"),
    *("eerste contact uiterlijk", "terugkoppeling uiterlijk", "gesloten", "oordeel"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see: a view with its filters, or what the words find."""

    view: str
    words: str
    category: str
    participant: str
    location_id: UUID | None

    @property
    def plain(self) -> bool:
        """A view as it is, not what was searched for."""
        return not self.words and not self.location_id


async def asked_for(
    view: View = "open",
    words: Searched = "",
    category: Annotated[Code, Query(alias="categorie")] = "",
    participant: Annotated[Code, Query(alias="deelnemer")] = "",
    location_id: Annotated[UUID | None, Query(alias="locatieId")] = None,
) -> Asked:
    """The view and filters in the address of the page, or of the file."""
    plain = words.replace("\x00", "").strip()
    return Asked(view or "open", plain, category, participant, location_id)


Choice = Annotated[Asked, Depends(asked_for)]


@router.get("/klachten")
async def work_list(ctx: PageReading, page: Page, asked: Choice) -> Response:
    """Complaints by view and filter, or what the search field found."""
    shown, more = await _shown(asked, page, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    names = names_for(ctx.request)
    at_location = asked.location_id is not None
    return templates.page(
        ctx.request,
        "intake/klachten.html",
        rows=[(row, urgent_clock(row, ctx.now)) for row in shown],
        views=_views(asked, await queries.counts(ctx)),
        asked=asked,
        more_found=more,
        place=next((row.location_name for row in shown), None) if at_location else None,
        categories=[(entry.code, entry.name) for entry in reference.categories],
        category_name=reference.category_name,
        participants=names.choices(ctx.caller.sees),
        name_of=names.name_of,
        tones=TONES,
        may_write=ctx.caller.may(Scope.COMPLAINTS_WRITE),
        next_href=page.next_url(shown.next_key) if shown.next_key else "",
        first_href=with_query(ctx.request, cursor=None) if page.after else "",
        export_href=f"{HERE}.csv?{urlencode(ctx.request.query_params.multi_items())}",
    )


@router.get("/klachten.csv")
async def export(ctx: PageReading, asked: Choice) -> Response:
    """The same selection as a file for a spreadsheet; nothing in it tells who complained."""
    ctx.require(Scope.COMPLAINTS_READ)
    reference = await ctx.kit.reference.get(ctx.rows)
    names = names_for(ctx.request)

    async def read(page: Paging, reading: PageCtx) -> Found[ComplaintRow]:
        return await _of_list(asked, page, reading)

    def line(row: ComplaintRow) -> tuple[Any, ...]:
        return _line(row, reference, names)

    if not asked.words:
        return streamed("klachten", COLUMNS, lines_of(ctx, read, line))
    found = await searching.search(asked.words, ctx, IN_A_FILE, **_limits(asked))
    left_out = [(LEFT_OUT,)] if found.more else []
    return streamed("klachten", COLUMNS, _once([*map(line, found.rows), *left_out]))


async def _once(lines: list[tuple[Any, ...]]) -> AsyncIterator[list[tuple[Any, ...]]]:
    yield lines


def _line(row: ComplaintRow, reference: Reference, names: ParticipantNames) -> tuple[Any, ...]:
    return (
        *(row.number, row.state, reference.category_name(row.category), row.urgency),
        *(row.channel, row.received_at, row.occurred_at),
        *(row.street, row.house_number, row.postcode, row.city),
        *(row.location_name, row.location_number, row.incident_number),
        *(names.name_of(row.participant), row.handler_name),
        *(row.contact_due, row.feedback_due, row.closed_at, row.outcome),
    )


def _of_view(asked: Asked, ctx: PageCtx) -> dict[str, Any]:
    if asked.location_id:
        # At a location all complaints count, also those that are done.
        return {}
    states = FINISHED if asked.view == "klaar" else OPEN
    filters: dict[str, Any] = {"states": [str(state) for state in states]}
    if asked.view == "mijn":
        filters["handler"] = ctx.caller.subject
    if asked.view == "vrij":
        filters["free"] = True
    if asked.view == "laat":
        filters["late_on"] = ctx.today
    return filters


def _limits(asked: Asked) -> dict[str, str | None]:
    return {"category": asked.category or None, "participant": asked.participant or None}


async def _shown(asked: Asked, page: Paging, ctx: PageCtx) -> tuple[Found[ComplaintRow], bool]:
    """The rows of the page, and whether a search found more than these."""
    if not asked.words:
        return await _of_list(asked, page, ctx), False
    found = await searching.search(asked.words, ctx, FOUND_AT_MOST, **_limits(asked))
    return Found(list(found.rows)), found.more


async def _of_list(asked: Asked, page: Paging, ctx: PageCtx) -> Found[ComplaintRow]:
    limits = {**_of_view(asked, ctx), **_limits(asked), "location_id": asked.location_id}
    return await queries.work_list(ctx, page, **limits)


def _views(asked: Asked, counts: Counts) -> list[dict[str, Any]]:
    counted = {
        "open": counts.open,
        "laat": counts.overdue,
        "mijn": counts.mine,
        "vrij": counts.free,
    }
    views = []
    for code, text in VIEWS.items():
        view: dict[str, Any] = {
            "text": text,
            "href": f"{HERE}?weergave={code}",
            "current": asked.plain and code == asked.view,
        }
        if code in counted:
            view["count"] = counted[code]
        views.append(view)
    return views
