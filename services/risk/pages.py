"""The screens of risk: the list of locations, and one location with the reasons of its score."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.risk import domain, repository, views
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.auth.scopes import Scope
from shared.clock import SystemClock, local_date
from shared.http.deps import Reading
from shared.http.paging import Page
from shared.participants import PARTICIPANTS, name_of
from shared.rows import Row, Rows
from shared.ui.render import Templates

TEMPLATES = Path(__file__).parent / "templates"
templates = Templates(TEMPLATES)
router = APIRouter()
Viewer = Annotated[Caller, page_caller(Scope.LOCATIONS_READ)]
ON_MAP = 100


@router.get("/locaties")
async def locations(
    request: Request,
    caller: Viewer,
    rows: Reading,
    page: Page,
    zoek: str = "",
    deelnemer: str = "",
    risicoklasse: str = "",
    activiteit: str = "",
) -> Response:
    """Locations, the highest score first; filters are a form, so a view is a link."""
    filters: dict[str, Any] = {
        "search": zoek[:80].replace("\x00", "") or None,
        "participant": deelnemer or None,
        "risk_class": risicoklasse or None,
        "activity": activiteit or None,
    }
    found, next_key = await views.page_of_locations(rows, caller.participant_filter, filters, page)
    return templates.page(
        request,
        "locaties.html",
        locations=found,
        points=[_on_map(row) for row in found[:ON_MAP]],
        next_href=page.next_url(next_key) if next_key else None,
        participants=[(p.code, p.name) for p in PARTICIPANTS if caller.sees(p.code)],
        name_of=name_of,
        chosen={
            "zoek": zoek,
            "deelnemer": deelnemer,
            "risicoklasse": risicoklasse,
            "activiteit": activiteit,
        },
        activities=await views.names_of_activities(rows),
    )


def _on_map(row: Row) -> dict[str, Any]:
    return {
        "label": row["name"],
        "lat": row["lat"],
        "lon": row["lon"],
        "href": f"/risk/locaties/{row['id']}",
        "tone": TONES[row["risk_class"]],
        "facts": [f"{row['score']:.1f}".replace(".", ","), row["risk_class"]],
    }


TONES = {"hoog": "bad", "midden": "warning", "laag": "good"}


@router.get("/locaties/{location_id}")
async def location(request: Request, caller: Viewer, rows: Reading, location_id: UUID) -> Response:
    """One location: who, where, its score with every reason, and what happened there."""
    row = await views.one(rows, location_id, caller.participant_filter)
    return templates.page(
        request,
        "locatie.html",
        location=row,
        participant=name_of(row["participant"]),
        tones=TONES,
        **await _score(rows, row),
        history=list(reversed(await _history(rows, location_id))),
        timeline=[_entry(entry) for entry in await rows.all(views.TIMELINE, id=location_id)],
        activities=await views.names_of_activities(rows),
        points=[_on_map(row)],
    )


async def _score(rows: Rows, row: Row) -> dict[str, Any]:
    model = await repository.active_model(rows)
    facts = (await repository.facts_of(rows, [row]))[row["id"]]
    score = domain.explained(model, facts, local_date(SystemClock().now()))
    complaints = await rows.one(views.COMPLAINTS, id=row["id"])
    confirmed = await rows.value(views.CONFIRMED)
    terms = sorted(score.terms, key=lambda term: term.contribution, reverse=True)
    return {
        "score": score,
        "terms": [
            {
                "label": term.name,
                "value": float(term.contribution),
                "source": term.source,
                "date": term.on,
            }
            for term in terms
        ],
        "complaints": complaints,
        "extra_inspection": complaints["justified_year"] >= model.complaint_trigger,
        "confirmed": confirmed,
    }


async def _history(rows: Rows, location_id: UUID) -> list[dict[str, Any]]:
    found = await rows.all(views.HISTORY, id=location_id, before=None, n=24)
    return [
        {"label": local_date(row["scored_at"]).strftime("%d-%m-%Y"), "value": row["score"]}
        for row in found
    ]


def _entry(entry: Row) -> dict[str, Any]:
    shown = {"when": entry["at"], "what": entry["what"]}
    return {**shown, "href": entry["reference"]} if entry["reference"] else shown


@router.get("/fragmenten/locaties/{location_id}")
async def fragment(request: Request, caller: Viewer, rows: Reading, location_id: UUID) -> Response:
    """What other services show of a location."""
    row = await views.one(rows, location_id, caller.participant_filter)
    return templates.page(request, "fragment_locatie.html", location=row, tones=TONES)
