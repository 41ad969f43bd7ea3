"""The list of locations: filters are a form and views are links, so that a list can be mailed."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from services.risk.context import PageCtx, PageReading
from services.risk.locations import activities as law
from services.risk.locations import queries
from services.risk.locations.queries import BY_SCORE, COUNTED_TO, SORTS, Filters, LocationRow
from services.risk.presentation import participants_of, templates
from shared.contracts.risk import RiskClass
from shared.db.listing import Page as Found
from shared.http.paging import Page, Paging
from shared.participants import names_for
from shared.product.roles import Scope
from shared.ui.formats import getal
from shared.ui.links import with_query
from shared.ui.spreadsheet import lines_of, streamed

router = APIRouter()
VIEWS: Final[tuple[tuple[str, dict[str, str]], ...]] = (
    ("Alle", {}),
    ("Hoog risico", {"risicoklasse": "hoog"}),
    ("Nooit gecontroleerd", {"nooit": "ja"}),
    ("Extra controle voorgesteld", {"extra": "ja"}),
)
FIELDS: Final = ("zoek", "deelnemer", "risicoklasse", "activiteit", "nooit", "extra")


def _plain(text: str) -> str:
    return text.replace("\x00", "").strip()


async def chosen(
    zoek: Annotated[str, Query(max_length=200)] = "",
    deelnemer: Annotated[str, Query(max_length=20)] = "",
    risicoklasse: Annotated[str, Query(max_length=20)] = "",
    activiteit: Annotated[str, Query(max_length=20)] = "",
    nooit: Annotated[str, Query(max_length=5)] = "",
    extra: Annotated[str, Query(max_length=5)] = "",
) -> dict[str, str]:
    """The filters as they were chosen; they are kept in the form."""
    values = (zoek, deelnemer, risicoklasse, activiteit, nooit, extra)
    return dict(zip(FIELDS, map(_plain, values), strict=True))


Chosen = Annotated[dict[str, str], Depends(chosen)]


def filters_of(fields: dict[str, str]) -> Filters:
    """The limits of the list; a class that does not exist does not limit."""
    known = fields["risicoklasse"] in set(RiskClass)
    return Filters(
        search=fields["zoek"] or None,
        participant=fields["deelnemer"] or None,
        risk_class=RiskClass(fields["risicoklasse"]) if known else None,
        activity=fields["activiteit"] or None,
        never_inspected=fields["nooit"] == "ja",
        extra_inspection=fields["extra"] == "ja",
    )


@router.get("/locaties")
async def locations(
    ctx: PageReading,
    page: Page,
    fields: Chosen,
    sorteer: Annotated[str, Query(max_length=30)] = BY_SCORE,
) -> Response:
    """Locations, the highest score first."""
    sort = sorteer if sorteer in SORTS else BY_SCORE
    filters = filters_of(fields)
    rows, next_key = await queries.page_of_locations(filters, page, ctx, sort=sort)
    count = await queries.count_of_locations(filters, ctx)
    return templates.page(
        ctx.request,
        "risk/locaties.html",
        locations=rows,
        count=f"Meer dan {getal(COUNTED_TO)}" if count > COUNTED_TO else getal(count),
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(ctx.request, cursor=None) if page.after else "",
        export_href="/risk/locaties.csv" + _query_of(ctx.request),
        views=_views(fields),
        chosen=fields,
        participants=participants_of(ctx),
        activities=await law.choices(ctx),
    )


def _query_of(request: Request) -> str:
    path = with_query(request, cursor=None)
    return path[path.find("?") :] if "?" in path else ""


def _views(fields: dict[str, str]) -> list[dict[str, Any]]:
    given = {name: value for name, value in fields.items() if value}
    return [
        {
            "text": text,
            "href": "/risk/locaties" + ("?" + "&".join(f"{k}={v}" for k, v in query.items())
                                        if query else ""),
            "current": given == query,
        }
        for text, query in VIEWS
    ]  # fmt: skip


@router.get("/locaties.csv")
async def export(
    ctx: PageReading,
    fields: Chosen,
    sorteer: Annotated[str, Query(max_length=30)] = BY_SCORE,
) -> Response:
    """The same selection as a file for a spreadsheet, whole however long it is."""
    ctx.require(Scope.LOCATIONS_READ)
    sort = sorteer if sorteer in SORTS else BY_SCORE
    header = (
        *("nummer", "naam", "straat", "huisnummer", "postcode", "woonplaats", "deelnemer"),
        *("activiteiten", "score", "risicoklasse", "laatste controle"),
    )
    filters, names = filters_of(fields), names_for(ctx.request)

    async def read(page: Paging, reading: PageCtx) -> Found[LocationRow]:
        rows, key = await queries.page_of_locations(filters, page, reading, sort=sort)
        return Found(rows, None if key is None else tuple(key))

    lines = lines_of(ctx, read, lambda row: _line(row, names.name_of(row.participant)))
    return streamed("locaties", header, lines)


def _line(row: LocationRow, participant: str) -> Sequence[Any]:
    return (
        *(row.number, row.name, row.street, row.house_number, row.postcode, row.city),
        participant,
        ", ".join(row.activities),
        *(getal(row.score, 2), row.risk_class, row.last_inspection or "nooit"),
    )
