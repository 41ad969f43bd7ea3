"""The work list of complaints: what goes wrong first stands on top."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints import search as found
from services.intake.complaints.domain.complaint import FINISHED, OPEN
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.dependencies import AtDesk
from services.intake.presentation import TONES, Viewer, templates
from services.intake.reference.domain.lists import Reference
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.db.rows import Row, Rows
from shared.http.dependencies import Db
from shared.http.paging import Page, Paging
from shared.participants import PARTICIPANTS, name_of
from shared.product.roles import Scope
from shared.ui.links import with_query
from shared.ui.spreadsheet import spreadsheet

router = APIRouter()
Words = Annotated[str, Query(alias="zoek", max_length=200)]
View = Annotated[str, Query(alias="weergave", pattern="^(open|laat|mijn|vrij|klaar)?$")]
Code = Annotated[str, Query(max_length=60)]
VIEWS = {
    "open": "Open",
    "laat": "Te laat",
    "mijn": "Van mij",
    "vrij": "Zonder behandelaar",
    "klaar": "Afgehandeld",
}
HERE = "/intake/klachten"
EXPORTED_AT_MOST = 20_000
COLUMNS = (
    *("nummer", "status", "soort", "urgentie", "binnengekomen via", "ontvangen", "gemerkt op"),
    *("straat", "huisnummer", "postcode", "plaats"),
    *("locatie", "locatienummer", "incident", "deelnemer", "behandelaar"),
    *("eerste contact uiterlijk", "terugkoppeling uiterlijk", "gesloten", "oordeel"),
)
COUNTED = {"open": "open", "laat": "overdue", "mijn": "mine", "vrij": "free"}


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
    words: Words = "",
    category: Annotated[Code, Query(alias="categorie")] = "",
    participant: Annotated[Code, Query(alias="deelnemer")] = "",
    location_id: Annotated[UUID | None, Query(alias="locatieId")] = None,
) -> Asked:
    """The view and filters in the address of the page, or of the file."""
    plain = words.replace("\x00", "").strip()
    return Asked(view or "open", plain, category, participant, location_id)


Choice = Annotated[Asked, Depends(asked_for)]


@router.get("/klachten")
async def work_list(
    request: Request, caller: Viewer, desk: AtDesk, db: Db, page: Page, asked: Choice
) -> Response:
    """Complaints by view and filter, or what the search field found."""
    now = db.clock.now()
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
        shown, next_key = await _rows(rows, caller, asked, page, local_date(now))
        counts = await complaints.counts(
            rows, caller.participant_filter, today=local_date(now), handler=caller.subject
        )
    at_place = asked.location_id is not None
    return templates.page(
        request,
        "intake/klachten.html",
        rows=[(row, urgent_clock(row, now)) for row in shown],
        views=_views(asked, counts),
        asked=asked,
        place=next((row["location_name"] for row in shown), None) if at_place else None,
        categories=[(entry.code, entry.name) for entry in reference.categories],
        category_name=reference.category_name,
        participants=[one for one in PARTICIPANTS if caller.sees(one.code)],
        name_of=name_of,
        tones=TONES,
        may_write=caller.may(Scope.COMPLAINTS_WRITE),
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(request, cursor=None) if page.after else "",
        export_href=f"{HERE}.csv?{urlencode(request.query_params.multi_items())}",
    )


@router.get("/klachten.csv")
async def export(caller: Viewer, desk: AtDesk, db: Db, asked: Choice) -> Response:
    """The same selection as a file for a spreadsheet; nothing in it tells who complained."""
    whole = Paging(None, EXPORTED_AT_MOST, "", ())
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
        found, _ = await _rows(rows, caller, asked, whole, local_date(db.clock.now()))
    return spreadsheet("klachten", COLUMNS, (_line(row, reference) for row in found))


def _line(row: Row, reference: Reference) -> tuple[Any, ...]:
    return (
        *(row["number"], row["state"], reference.category_name(row["category"]), row["urgency"]),
        *(row["channel"], row["received_at"], row["occurred_at"]),
        *(row["street"], row["house_number"], row["postcode"], row["city"]),
        *(row["location_name"], row["location_number"], row["incident_number"]),
        *(name_of(row["participant"]), row["handler_name"]),
        *(row["contact_due"], row["feedback_due"], row["closed_at"], row["outcome"]),
    )


def _of_view(asked: Asked, caller: Caller, today: date) -> dict[str, Any]:
    if asked.location_id:
        # At a location all complaints count, also those that are done.
        return {}
    states = FINISHED if asked.view == "klaar" else OPEN
    filters: dict[str, Any] = {"states": [str(state) for state in states]}
    if asked.view == "mijn":
        filters["handler"] = caller.subject
    if asked.view == "vrij":
        filters["free"] = True
    if asked.view == "laat":
        filters["late_on"] = today
    return filters


async def _rows(
    rows: Rows, caller: Caller, asked: Asked, page: Paging, today: date
) -> tuple[list[Row], tuple[Any, ...] | None]:
    visible = caller.participant_filter
    category, participant = asked.category or None, asked.participant or None
    if asked.words:
        return await found.complaints(
            rows, asked.words, visible, category=category, participant=participant
        ), None
    filters = _of_view(asked, caller, today)
    filters |= {
        "category": category,
        "participant": participant,
        "location_id": asked.location_id,
    }
    return await complaints.work_list(rows, visible, filters, page)


def _views(asked: Asked, counts: Row) -> list[dict[str, Any]]:
    views = []
    for code, text in VIEWS.items():
        view = {"text": text, "href": f"{HERE}?weergave={code}"}
        counted = {"count": counts[COUNTED[code]]} if code in COUNTED else {}
        views.append({**view, "current": asked.plain and code == asked.view, **counted})
    return views
