"""One location: who and where, its score with every reason, and what happened there."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.risk.locations import activities as law
from services.risk.locations import queries as locations
from services.risk.locations import timeline as timelines
from services.risk.presentation import TONES, Viewer, templates
from services.risk.scores import queries as scores
from services.risk.scores.domain.scoring import Change, Term
from shared.clock import local_date
from shared.contracts.risk import RiskClass
from shared.db.rows import Row
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page
from shared.product.roles import Scope
from shared.ui.formats import getal
from shared.ui.links import with_query

router = APIRouter()
SCORES_DRAWN = 24


@router.get("/locaties/{location_id}")
async def location(
    request: Request, caller: Viewer, rows: Reading, db: Db, page: Page, location_id: UUID
) -> Response:
    """The page of a location."""
    row = await locations.one(rows, location_id, caller.participant_filter)
    found = await scores.explained(rows, row, db.clock)
    entries, next_key = await timelines.page(rows, location_id, page)
    return templates.page(
        request,
        "risk/locatie.html",
        location=row,
        found=found,
        score=found.score,
        terms=[_bar(term) for term in found.score.terms],
        changes=[_sentence(change) for change in found.changes],
        trigger=found.model.complaints,
        history=_course(await scores.latest(rows, location_id, SCORES_DRAWN)),
        timeline=[_entry(entry) for entry in entries],
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(request, cursor=None) if page.after else "",
        activities=await _activities(rows, row),
        points=[_point(row, found.score.risk_class)],
        may_change=caller.may(Scope.LOCATIONS_WRITE),
        may_plan=caller.may(Scope.INSPECTIONS_WRITE) and row["active"],
    )


def _bar(term: Term) -> dict[str, Any]:
    return {
        "label": term.name,
        "value": term.contribution,
        "source": f"{getal(term.value, 2)} × gewicht {getal(term.weight, 2)}; {term.source}",
        "date": term.on,
    }


def _sentence(change: Change) -> str:
    """What a change would do, with a real sign."""
    if not change.difference:
        return f"{change.what}: verandert niets"
    sign = "+" if change.difference > 0 else ""
    difference = f"{sign}{getal(change.difference, 1)}"
    return f"{change.what}: {getal(change.total, 1)} ({difference}), klasse {change.risk_class}"


def _course(scores: Sequence[Row]) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{local_date(row['scored_at']):%d-%m-%Y}",
            "value": float(round(row["score"], 1)),
        }
        for row in reversed(scores)
    ]


def _entry(entry: Row) -> dict[str, Any]:
    return {"when": entry["at"], "what": entry["what"], "href": entry["reference"] or ""}


def _point(row: Row, risk_class: RiskClass) -> dict[str, Any]:
    rd = f"{getal(row['rd_x'], 0)} / {getal(row['rd_y'], 0)}"
    return {
        "label": row["name"],
        "lat": row["lat"],
        "lon": row["lon"],
        "tone": TONES[risk_class],
        "facts": [rd],
    }


async def _activities(rows: Reading, row: Row) -> Iterable[dict[str, Any]]:
    names = await law.names(rows, row["activities"])
    return [
        {"code": code, "name": names.get(code, ""), "core": code == row["core_activity"]}
        for code in row["activities"]
    ]


@router.get("/fragmenten/locaties/{location_id}")
async def fragment(request: Request, caller: Viewer, rows: Reading, location_id: UUID) -> Response:
    """What other services show of a location."""
    row = await locations.one(rows, location_id, caller.participant_filter)
    return templates.page(request, "risk/fragment_locatie.html", location=row)
