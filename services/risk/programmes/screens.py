"""The programme: change the hours or the ranking, and see which locations move."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.risk.context import PageReading
from services.risk.presentation import participants_of, templates
from services.risk.programmes.domain import RULE, Ranking, Request
from services.risk.programmes.queries import COUNTED_TO, planned
from shared.http.paging import Page
from shared.participants import names_for
from shared.ui.formats import getal
from shared.ui.links import with_query

router = APIRouter()
USUAL_HOURS = 500
MOST_HOURS = 100_000


@router.get("/toezichtprogramma")
async def programme(
    ctx: PageReading,
    page: Page,
    uren: Annotated[str, Query(max_length=10)] = "",
    deelnemer: Annotated[str, Query(max_length=20)] = "",
    rangschikking: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Which locations the hours suffice for, and why the next ones are not chosen."""
    hours = min(max(int(uren), 1), MOST_HOURS) if uren.isdecimal() else USUAL_HOURS
    ranking = Ranking(rangschikking) if rangschikking in set(Ranking) else Ranking.SCORE
    request = Request(hours, deelnemer.replace("\x00", "") or None, ranking)
    start = page.after[0] if page.after and isinstance(page.after[0], int) else 0
    start = min(max(start, 0), MOST_HOURS)
    found = await planned(request, start, page.limit, ctx)
    candidates = found.programme.candidates
    names, shown = names_for(ctx.request), (*found.places, *found.reserves)
    many = candidates > COUNTED_TO
    more = start + page.limit < found.programme.chosen
    return templates.page(
        ctx.request,
        "risk/toezichtprogramma.html",
        found=found,
        rule=RULE,
        names={row.participant: names.name_of(row.participant) for row in shown},
        candidates=f"meer dan {getal(COUNTED_TO)}" if many else getal(candidates),
        per_hour=ranking is Ranking.SCORE_PER_HOUR,
        next_href=page.next_url([start + page.limit]) if more else "",
        first_href=with_query(ctx.request, cursor=None) if page.after else "",
        participants=participants_of(ctx),
        rankings=[(Ranking.SCORE, "Hoogste score"), (Ranking.SCORE_PER_HOUR, "Score per uur")],
        chosen={"uren": str(hours), "deelnemer": deelnemer, "rangschikking": str(ranking)},
    )
