"""The operations on locations, their time line, and the activities they have."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from services.risk.context import Reading, Writing
from services.risk.dependencies import AcceptCrs, CrsQuery, LocationId, box_of, system_of, with_crs
from services.risk.locations import activities as law
from services.risk.locations import commands, queries
from services.risk.locations import timeline as timelines
from services.risk.locations.queries import Filters
from services.risk.locations.schemas import ActivityOut, Code, EntryOut, LocationIn, LocationOut
from shared.contracts.risk import RiskClass
from shared.geo import CRS84, LATITUDES, LONGITUDES, Box, Point
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import PLAIN_TEXT, Participant, Results

router = APIRouter()
Sorting = Literal["-score", "score", "naam", "-naam", "laatste-controle", "-laatste-controle"]


async def filters_of(
    within: Annotated[Box | None, Depends(box_of)],
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
    activiteit: Annotated[Code | None, Query(description="Paragraaf van het Bal")] = None,
    risicoklasse: Annotated[RiskClass | None, Query(description="Klasse van de score")] = None,
    zoek: Annotated[
        str | None,
        Query(max_length=80, pattern=PLAIN_TEXT, description="Naam, adres of nummer"),
    ] = None,
    lengtegraad: Annotated[
        float | None, Query(ge=LONGITUDES[0], le=LONGITUDES[1], description="In graden (CRS84)")
    ] = None,
    breedtegraad: Annotated[
        float | None, Query(ge=LATITUDES[0], le=LATITUDES[1], description="In graden (CRS84)")
    ] = None,
    afstand: Annotated[int, Query(ge=10, le=50_000, description="In meters om het punt")] = 1000,
    nooit_gecontroleerd: Annotated[
        bool, Query(alias="nooitGecontroleerd", description="Alleen wat nooit gezien is")
    ] = False,
    extra_controle: Annotated[
        bool,
        Query(alias="extraControleVoorgesteld", description="Alleen waar klachten om vragen"),
    ] = False,
    actief: Annotated[bool, Query(description="Nee toont wat is beëindigd")] = True,
) -> Filters:
    """The limits of a list, as a request gives them."""
    known = lengtegraad is not None and breedtegraad is not None
    return Filters(
        participant=deelnemer,
        activity=activiteit,
        risk_class=risicoklasse,
        search=zoek,
        near=Point(lengtegraad, breedtegraad) if known else None,  # type: ignore[arg-type]
        radius=float(afstand),
        within=within,
        never_inspected=nooit_gecontroleerd,
        extra_inspection=extra_controle,
        active=actief,
    )


@router.get(
    "/locaties",
    operation_id="toonLocaties",
    summary="Locaties, hoogste score eerst",
    response_model=Results[LocationOut],
    tags=["locaties"],
)
async def locations(
    ctx: Reading,
    page: Page,
    filters: Annotated[Filters, Depends(filters_of)],
    sorteer: Annotated[Sorting, Query(description="Volgorde; een min is aflopend")] = "-score",
    crs: CrsQuery = None,
    accept_crs: AcceptCrs = CRS84,
) -> Response:
    """De locaties die de aanroeper mag zien, met hun huidige score."""
    system = system_of(accept_crs, crs)
    rows, next_key = await queries.page_of_locations(filters, page, ctx, sort=sorteer)
    items = [LocationOut.of(row, system) for row in rows]
    return with_crs(listing(items, page, next_key=next_key), system)


@router.post(
    "/locaties",
    operation_id="registreerLocatie",
    summary="Registreer een locatie",
    status_code=201,
    response_model=LocationOut,
    responses=problems(409),
    tags=["locaties"],
)
async def register(body: LocationIn, ctx: Writing) -> Response:
    """Leg een locatie vast; zij krijgt meteen een score."""
    location_id = await commands.register(body.registration(), ctx)
    row = await commands.stored(location_id, ctx)
    where = f"/risk/v1/locaties/{location_id}"
    return ctx.answer(LocationOut.of(row), status=201, version=row.version, location=where)


@router.get(
    "/locaties/{locatieId}",
    operation_id="toonLocatie",
    summary="Een locatie",
    response_model=LocationOut,
    tags=["locaties"],
)
async def location(
    ctx: Reading,
    location_id: LocationId,
    crs: CrsQuery = None,
    accept_crs: AcceptCrs = CRS84,
) -> Response:
    """Een locatie, met de versie in de ETag."""
    system = system_of(accept_crs, crs)
    row = await queries.one(location_id, ctx)
    return with_crs(answer(LocationOut.of(row, system), version=row.version), system)


@router.put(
    "/locaties/{locatieId}",
    operation_id="wijzigLocatie",
    summary="Wijzig een locatie",
    response_model=LocationOut,
    responses=problems(409, 412),
    tags=["locaties"],
)
async def change(
    location_id: LocationId, version: IfMatch, body: LocationIn, ctx: Writing
) -> Response:
    """Vervang wat van de locatie is vastgelegd; de score wordt opnieuw berekend."""
    await commands.change(body.change(location_id, version), ctx)
    row = await commands.stored(location_id, ctx)
    return ctx.answer(LocationOut.of(row), version=row.version)


@router.get(
    "/locaties/{locatieId}/tijdlijn",
    operation_id="toonTijdlijnVanLocatie",
    summary="Wat er met de locatie gebeurde",
    response_model=Results[EntryOut],
    tags=["locaties"],
)
async def timeline(ctx: Reading, location_id: LocationId, page: Page) -> Response:
    """Klachten, controles, overtredingen, maatregelen en scores, nieuwste eerst."""
    location = await queries.one(location_id, ctx)
    entries, next_key = await timelines.page_of(location, page, ctx)
    return listing([EntryOut.of(entry) for entry in entries], page, next_key=next_key)


@router.get(
    "/activiteiten",
    operation_id="toonActiviteiten",
    summary="Milieubelastende activiteiten uit het Bal",
    response_model=Results[ActivityOut],
    tags=["activiteiten"],
)
async def activities(ctx: Reading, page: Page) -> Response:
    """Hoofdstuk 3 van het Besluit activiteiten leefomgeving, met de toestand van de wet."""
    rows, next_key = await law.activities(page, ctx)
    return listing([ActivityOut.of(row) for row in rows], page, next_key=next_key)
