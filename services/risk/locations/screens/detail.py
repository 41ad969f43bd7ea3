"""One location: who and where, its score with every reason, and what happened there."""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.risk.context import PageReading
from services.risk.locations import activities as law
from services.risk.locations import queries as locations
from services.risk.locations import timeline as timelines
from services.risk.locations.queries import LocationRow
from services.risk.locations.timeline import EntryRow
from services.risk.presentation import TONES, templates
from services.risk.scores import queries as scores
from services.risk.scores.domain.scoring import Change, Term
from services.risk.scores.queries import HistoryRow
from shared.clock import local_date
from shared.contracts.risk import RiskClass
from shared.http.paging import Page
from shared.product.navigation import opens
from shared.product.roles import Scope
from shared.ui.formats import getal
from shared.ui.links import with_query

router = APIRouter()
SCORES_DRAWN = 24
# Entries of the time line of which the hour is known; the others have a day.
WITH_AN_HOUR = ("klacht:", "score:")


@router.get("/locaties/{location_id}")
async def location(ctx: PageReading, page: Page, location_id: UUID) -> Response:
    """The page of a location."""
    row = await locations.one(location_id, ctx)
    found = await scores.explained(row, ctx)
    entries, next_key = await timelines.page_of(row, page, ctx)
    return templates.page(
        ctx.request,
        "risk/locatie.html",
        location=row,
        found=found,
        score=found.score,
        terms=[_bar(term) for term in found.score.terms],
        changes=[_sentence(change) for change in found.changes],
        trigger=found.model.complaints,
        history=_course(await scores.latest(row, SCORES_DRAWN, ctx)),
        timeline=[_entry(entry, ctx.caller.scopes) for entry in entries],
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(ctx.request, cursor=None) if page.after else "",
        activities=await _activities(row, ctx),
        points=[_point(row, found.score.risk_class)],
        may_change=ctx.caller.may(Scope.LOCATIONS_WRITE),
        may_plan=ctx.caller.may(Scope.INSPECTIONS_WRITE) and row.active,
    )


def _bar(term: Term) -> dict[str, Any]:
    return {
        "label": term.name,
        "value": term.contribution,
        "source": f"{_exact(term.value)} × gewicht {_exact(term.weight)}; {term.source}",
        "date": term.on,
    }


def _exact(number: Decimal) -> str:
    """With the digits that give the contribution back to whoever multiplies."""
    return getal(number, max(2, len(f"{number.normalize():f}".partition(".")[2])))


def _sentence(change: Change) -> str:
    """What a change would do, with a real sign."""
    if not change.difference:
        return f"{change.what}: verandert niets"
    sign = "+" if change.difference > 0 else ""
    difference = f"{sign}{getal(change.difference, 2)}"
    return f"{change.what}: {getal(change.total, 2)} ({difference}), klasse {change.risk_class}"


def _course(scores: Sequence[HistoryRow]) -> list[dict[str, Any]]:
    return [
        {
            "label": f"{local_date(row.scored_at):%d-%m-%Y}",
            "value": float(row.score),
        }
        for row in reversed(scores)
    ]


def _entry(entry: EntryRow, scopes: Collection[str]) -> dict[str, Any]:
    """A line of the time line; who may not open what it is about gets no link."""
    href = entry.reference or ""
    return {
        "when": entry.at,
        "day": None if entry.entry.startswith(WITH_AN_HOUR) else local_date(entry.at),
        "what": entry.what,
        "href": href if opens(href, scopes) else "",
    }


def _point(row: LocationRow, risk_class: RiskClass) -> dict[str, Any]:
    rd = f"{getal(row.rd_x, 0)} / {getal(row.rd_y, 0)}"
    return {
        "label": row.name,
        "lat": row.lat,
        "lon": row.lon,
        "tone": TONES[risk_class],
        "facts": [rd],
    }


async def _activities(row: LocationRow, ctx: PageReading) -> Iterable[dict[str, Any]]:
    names = await law.names(row.activities, ctx)
    return [
        {"code": code, "name": names.get(code, ""), "core": code == row.core_activity}
        for code in row.activities
    ]


@router.get("/fragmenten/locaties/{location_id}")
async def fragment(ctx: PageReading, location_id: UUID) -> Response:
    """What other services show of a location."""
    row = await locations.one(location_id, ctx)
    return templates.page(ctx.request, "risk/fragment_locatie.html", location=row)
