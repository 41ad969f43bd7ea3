"""The work list of complaints: what goes wrong first stands on top."""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from services.intake.api.doors import AtDesk
from services.intake.domain.complaint import FINISHED, OPEN
from services.intake.pages.clocks import urgent_clock
from services.intake.pages.common import TONES, Viewer, templates
from services.intake.views import complaints, found
from shared.auth.caller import Caller
from shared.auth.scopes import Scope
from shared.clock import local_date
from shared.http.deps import Db
from shared.http.paging import Page, Paging
from shared.participants import PARTICIPANTS, name_of
from shared.rows import Row, Rows

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
COUNTED = {"open": "open", "laat": "overdue", "mijn": "mine", "vrij": "free"}


@router.get("/klachten")
async def work_list(
    *,
    request: Request,
    caller: Viewer,
    desk: AtDesk,
    db: Db,
    page: Page,
    view: View = "open",
    words: Words = "",
    category: Annotated[Code, Query(alias="categorie")] = "",
    participant: Annotated[Code, Query(alias="deelnemer")] = "",
    location_id: Annotated[UUID | None, Query(alias="locatieId")] = None,
) -> Response:
    """Complaints by view and filter, or what the search field found."""
    now = db.clock.now()
    # At a location all complaints count, also those that are done.
    filters: dict[str, Any] = {} if location_id else _of_view(view or "open", caller, db)
    filters |= {
        "category": category or None,
        "participant": participant or None,
        "location_id": location_id,
    }
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
        shown, next_key = await _rows(rows, caller, words, filters, page)
        counts = await complaints.counts(
            rows, caller.participant_filter, today=local_date(now), handler=caller.subject
        )
    return templates.page(
        request,
        "intake/klachten.html",
        rows=[(row, urgent_clock(row, now)) for row in shown],
        views=_views(view or "open", counts, plain=not words and not location_id),
        words=words,
        category=category,
        participant=participant,
        view=view or "open",
        place=next((row["location_name"] for row in shown), None) if location_id else None,
        categories=[(entry.code, entry.name) for entry in reference.categories],
        category_name=reference.category_name,
        participants=[one for one in PARTICIPANTS if caller.sees(one.code)],
        name_of=name_of,
        tones=TONES,
        may_write=caller.may(Scope.COMPLAINTS_WRITE),
        next_href=page.next_url(next_key) if next_key else "",
        first_href=page.path if page.after else "",
    )


def _of_view(view: str, caller: Caller, db: Any) -> dict[str, Any]:
    states = FINISHED if view == "klaar" else OPEN
    filters: dict[str, Any] = {"states": [str(state) for state in states]}
    if view == "mijn":
        filters["handler"] = caller.subject
    if view == "vrij":
        filters["free"] = True
    if view == "laat":
        filters["late_on"] = local_date(db.clock.now())
    return filters


async def _rows(
    rows: Rows, caller: Caller, words: str, filters: Mapping[str, Any], page: Paging
) -> tuple[list[Row], tuple[Any, ...] | None]:
    if words.strip():
        return await found.complaints(rows, words, caller.participant_filter), None
    return await complaints.work_list(rows, caller.participant_filter, filters, page)


def _views(chosen: str, counts: Row, *, plain: bool) -> list[dict[str, Any]]:
    views = []
    for code, text in VIEWS.items():
        view = {"text": text, "href": f"/intake/klachten?weergave={code}"}
        counted = {"count": counts[COUNTED[code]]} if code in COUNTED else {}
        views.append({**view, "current": plain and code == chosen, **counted})
    return views
