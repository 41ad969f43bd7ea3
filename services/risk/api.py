"""The doors of risk."""

from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query
from starlette.responses import Response

from services.risk import domain, handlers, repository, views
from services.risk.schemas import (
    ActivationIn,
    ActivityOut,
    Code,
    EntryOut,
    HistoryOut,
    LocationIn,
    LocationOut,
    ModelIn,
    ModelOut,
    PlaceInProgrammeOut,
    ScoreOut,
)
from shared.auth.caller import Caller
from shared.auth.doors import may
from shared.auth.scopes import Scope
from shared.clock import SystemClock, local_date
from shared.contracts.risk import RiskClass
from shared.geo import CRS84, LATITUDES, LONGITUDES, RD_NEW, Point, to_rd
from shared.http.answers import answer, listing
from shared.http.deps import IfMatch, Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.wire import PLAIN_TEXT, Participant, Results
from shared.rows import Row

router = APIRouter()
Viewer = Annotated[Caller, may(Scope.LOCATIONS_READ)]
Editor = Annotated[Caller, may(Scope.LOCATIONS_WRITE)]
Modeller = Annotated[Caller, may(Scope.RISK_MODELS_MANAGE)]
LocationId = Annotated[UUID, Path(alias="locatieId", description="Identificatie van de locatie")]
ModelId = Annotated[UUID, Path(alias="modelId", description="Identificatie van het model")]
AcceptCrs = Annotated[
    Literal[
        "http://www.opengis.net/def/crs/OGC/1.3/CRS84",
        "http://www.opengis.net/def/crs/EPSG/0/28992",
    ],
    Header(description="Gewenst coördinatenstelsel: CRS84 (standaard) of RD"),
]


def shown(row: Row, *, rd: bool) -> LocationOut:
    """The location, in the coordinate system that was asked for."""
    return LocationOut.of(row, (row["rd_x"], row["rd_y"]) if rd else None)


@router.get(
    "/locaties",
    operation_id="toonLocaties",
    summary="Locaties, hoogste score eerst",
    response_model=Results[LocationOut],
    tags=["locaties"],
)
async def locations(
    caller: Viewer,
    rows: Reading,
    page: Page,
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
    accept_crs: AcceptCrs = CRS84,
) -> Response:
    """De locaties die de aanroeper mag zien, met hun huidige score."""
    filters: dict[str, Any] = {
        "participant": deelnemer,
        "activity": activiteit,
        "risk_class": risicoklasse,
        "search": zoek,
    }
    if lengtegraad is not None and breedtegraad is not None:
        x, y = to_rd(Point(lengtegraad, breedtegraad))
        filters |= {"x": x, "y": y, "radius": float(afstand)}
    rd = accept_crs == RD_NEW
    found, next_key = await views.page_of_locations(rows, caller.participant_filter, filters, page)
    response = listing([shown(row, rd=rd) for row in found], page, next_key=next_key)
    response.headers["Content-Crs"] = f"<{RD_NEW if rd else CRS84}>"
    return response


@router.post(
    "/locaties",
    operation_id="registreerLocatie",
    summary="Registreer een locatie",
    status_code=201,
    response_model=LocationOut,
    responses=problems(409),
    tags=["locaties"],
)
async def register(caller: Editor, body: LocationIn, work: Writing, once: Once) -> Response:
    """Leg een locatie vast; zij krijgt meteen een score."""
    row = await handlers.register(body.data(), caller, work)
    await work.flush()
    stored = await views.one(work, row["id"], None)
    where = f"/risk/v1/locaties/{row['id']}"
    return once.answer(work, LocationOut.of(stored), version=1, location=where)


@router.get(
    "/locaties/{locatieId}",
    operation_id="toonLocatie",
    summary="Een locatie",
    response_model=LocationOut,
    tags=["locaties"],
)
async def location(
    caller: Viewer, location_id: LocationId, rows: Reading, accept_crs: AcceptCrs = CRS84
) -> Response:
    """Een locatie, met de versie in de ETag."""
    row = await views.one(rows, location_id, caller.participant_filter)
    rd = accept_crs == RD_NEW
    response = answer(shown(row, rd=rd), version=row["version"])
    response.headers["Content-Crs"] = f"<{RD_NEW if rd else CRS84}>"
    return response


@router.put(
    "/locaties/{locatieId}",
    operation_id="wijzigLocatie",
    summary="Wijzig een locatie",
    response_model=LocationOut,
    responses=problems(409, 412),
    tags=["locaties"],
)
async def change(
    caller: Editor, location_id: LocationId, version: IfMatch, body: LocationIn, work: Writing
) -> Response:
    """Vervang wat van de locatie is vastgelegd; de score wordt opnieuw berekend."""
    row = await handlers.change(location_id, version, body.data(), caller, work)
    await work.flush()
    stored = await views.one(work, location_id, None)
    return answer(LocationOut.of(stored), version=row["version"])


@router.get(
    "/locaties/{locatieId}/risicoscore",
    operation_id="toonRisicoscore",
    summary="De score met haar uitleg",
    response_model=ScoreOut,
    tags=["risicoscores"],
)
async def risk_score(caller: Viewer, location_id: LocationId, rows: Reading) -> Response:
    """Elke term met waarde, gewicht, bijdrage, bron en datum; en wat de score zou veranderen."""
    row = await views.one(rows, location_id, caller.participant_filter)
    model = await repository.active_model(rows)
    facts = await repository.facts_of(rows, [row])
    score = domain.explained(model, facts[location_id], local_date(SystemClock().now()))
    complaints = await rows.one(views.COMPLAINTS, id=location_id)
    return answer(ScoreOut.of(location_id, score, complaints, model.complaint_trigger))


@router.get(
    "/locaties/{locatieId}/scorehistorie",
    operation_id="toonScorehistorie",
    summary="Eerdere scores",
    response_model=Results[HistoryOut],
    tags=["risicoscores"],
)
async def history(caller: Viewer, location_id: LocationId, rows: Reading, page: Page) -> Response:
    """Eerdere scores, nieuwste eerst, en waardoor ze veranderden."""
    await views.one(rows, location_id, caller.participant_filter)
    before = views.before_of(page)
    found = await rows.all(views.HISTORY, id=location_id, before=before, n=page.limit + 1)
    more = [found[page.limit - 1]["seq"]] if len(found) > page.limit else None
    return listing([HistoryOut.of(row) for row in found[: page.limit]], page, next_key=more)


@router.get(
    "/locaties/{locatieId}/tijdlijn",
    operation_id="toonTijdlijnVanLocatie",
    summary="Wat er met de locatie gebeurde",
    response_model=Results[EntryOut],
    tags=["locaties"],
)
async def timeline(caller: Viewer, location_id: LocationId, rows: Reading, page: Page) -> Response:
    """Klachten, controles, overtredingen en scores, nieuwste eerst."""
    await views.one(rows, location_id, caller.participant_filter)
    entries = await rows.all(views.TIMELINE, id=location_id)
    return listing([EntryOut.of(entry) for entry in entries[: page.limit]], page)


@router.get(
    "/activiteiten",
    operation_id="toonActiviteiten",
    summary="Milieubelastende activiteiten uit het Bal",
    response_model=Results[ActivityOut],
    tags=["activiteiten"],
)
async def activities(caller: Viewer, rows: Reading, page: Page) -> Response:
    """Hoofdstuk 3 van het Besluit activiteiten leefomgeving, met de toestand van de wet."""
    found = await rows.all(views.ACTIVITIES, code=None)
    return listing([ActivityOut.of(row) for row in found], page)


@router.get(
    "/risicomodellen",
    operation_id="toonRisicomodellen",
    summary="Risicomodellen",
    response_model=Results[ModelOut],
    tags=["risicomodellen"],
)
async def models(caller: Viewer, rows: Reading, page: Page) -> Response:
    """Alle versies: concept, actief en vervallen."""
    found = await rows.all(views.MODELS)
    return listing([ModelOut.of(row) for row in found[: page.limit]], page)


@router.post(
    "/risicomodellen",
    operation_id="stelRisicomodelVoor",
    summary="Stel een risicomodel voor",
    status_code=201,
    response_model=ModelOut,
    responses=problems(409),
    tags=["risicomodellen"],
)
async def propose(caller: Modeller, body: ModelIn, work: Writing, once: Once) -> Response:
    """Een concept: het gaat pas gelden als een ander het activeert (vier ogen)."""
    model_id = await handlers.propose_model(
        body.model_version, body.description, body.parameters, caller, work
    )
    await work.flush()
    row = await work.one(views.MODEL, id=model_id)
    where = f"/risk/v1/risicomodellen/{model_id}"
    return once.answer(work, ModelOut.of(row), version=1, location=where)


@router.get(
    "/risicomodellen/{modelId}",
    operation_id="toonRisicomodel",
    summary="Een risicomodel",
    response_model=ModelOut,
    tags=["risicomodellen"],
)
async def model(caller: Viewer, model_id: ModelId, rows: Reading) -> Response:
    """Een versie met al haar parameters."""
    row = await rows.one(views.MODEL, "Dit risicomodel", id=model_id)
    return answer(ModelOut.of(row), version=row["version"])


@router.post(
    "/risicomodellen/{modelId}/activering",
    operation_id="activeerRisicomodel",
    summary="Laat een risicomodel gelden",
    response_model=ModelOut,
    responses=problems(409, 412),
    tags=["risicomodellen"],
)
async def activate(
    caller: Modeller, model_id: ModelId, version: IfMatch, body: ActivationIn, work: Writing
) -> Response:
    """Alle locaties krijgen meteen een score volgens dit model."""
    await handlers.activate_model(model_id, version, body.decision_reference, caller, work)
    await work.flush()
    row = await work.one(views.MODEL, id=model_id)
    return answer(ModelOut.of(row), version=row["version"])


@router.get(
    "/toezichtprogramma",
    operation_id="toonToezichtprogramma",
    summary="Welke locaties passen in een aantal uren",
    response_model=Results[PlaceInProgrammeOut],
    tags=["toezichtprogramma"],
)
async def programme(
    caller: Viewer,
    rows: Reading,
    page: Page,
    uren: Annotated[int, Query(ge=1, le=100_000, description="Beschikbare uren")],
    deelnemer: Annotated[Participant | None, Query(description="Code van de deelnemer")] = None,
) -> Response:
    """De hoogste scores die in de uren passen. De lijst is een advies; een mens plant."""
    found = await rows.all(
        views.CANDIDATES, participants=caller.participant_filter, participant=deelnemer
    )
    hours = (await repository.active_model(rows)).hours_per_class
    by_id = {str(row["id"]): row for row in found}
    candidates = (
        domain.Candidate(str(row["id"]), row["score"], Decimal(str(hours[row["risk_class"]])))
        for row in found
    )
    chosen = domain.programme(candidates, Decimal(uren))[: page.limit]
    items = [
        PlaceInProgrammeOut(
            rank=rank,
            location_id=UUID(place.location_id),
            name=by_id[place.location_id]["name"],
            participant=by_id[place.location_id]["participant"],
            score=float(place.total),
            hours=float(place.hours),
        )
        for rank, place in enumerate(chosen, 1)
    ]
    return listing(items, page)
