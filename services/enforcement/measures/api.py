"""Measures: list, read, announce, impose, forfeit, collect, end; and the clocks that run."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.changes import Change
from services.enforcement.dependencies import (
    ByLocation,
    ByParticipant,
    ByViolation,
    ChangingMeasure,
    Imposing,
    MeasureId,
    ReaderOfCases,
    Today,
)
from services.enforcement.measures import commands as handlers
from services.enforcement.measures import queries as views
from services.enforcement.measures.domain.measure import MeasureState
from services.enforcement.measures.schemas import (
    CollectionIn,
    EndIn,
    ForfeitureIn,
    ImpositionIn,
    IntentionIn,
    MeasureFileOut,
    MeasureOut,
    TermOut,
)
from shared.contracts.enforcement import Instrument
from shared.db.unit_of_work import UnitOfWork
from shared.http.dependencies import Reading, Writing
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["handhavingsmaatregelen"])


async def _changed(work: UnitOfWork, change: Change) -> Response:
    """The measure as it now is, with its new ETag."""
    await work.flush()
    row = await views.one(work, change.id, change.caller.participant_filter)
    forfeited = await views.forfeitures(work, change.id)
    terms = await views.clocks_of(work, work.today, measure_id=change.id)
    return answer(MeasureFileOut.build(row, forfeited, terms), version=row["version"])


@router.get(
    "/handhavingsmaatregelen",
    operation_id="toonMaatregelen",
    summary="Handhavingsmaatregelen",
    response_model=Results[MeasureOut],
)
async def listed(
    *,
    caller: ReaderOfCases,
    rows: Reading,
    page: Page,
    status: Annotated[list[MeasureState] | None, Query(description="Statussen")] = None,
    handhavingsinstrument: Annotated[Instrument | None, Query(description="Het instrument")] = None,
    deelnemer: ByParticipant = None,
    overtreding_id: ByViolation = None,
    locatie_id: ByLocation = None,
) -> Response:
    """De laatst gekozen maatregel eerst."""
    filters = {
        "states": [str(state) for state in status] if status else None,
        "instrument": handhavingsinstrument,
        "participant": deelnemer,
        "violation_id": overtreding_id,
        "location_id": locatie_id,
    }
    found, next_key = await views.listed(rows, caller.participant_filter, filters, page)
    return listing([MeasureOut.of(row) for row in found], page, next_key=next_key)


@router.get(
    "/handhavingsmaatregelen/{maatregel_id}",
    operation_id="toonMaatregel",
    summary="Een maatregel met haar termijnen",
    response_model=MeasureFileOut,
)
async def one(
    caller: ReaderOfCases, maatregel_id: MeasureId, rows: Reading, today: Today
) -> Response:
    """Ook de verbeurde dwangsommen en de mogelijke volgende stappen met hun artikel."""
    row = await views.one(rows, maatregel_id, caller.participant_filter)
    forfeited = await views.forfeitures(rows, maatregel_id)
    terms = await views.clocks_of(rows, today, measure_id=maatregel_id)
    return answer(MeasureFileOut.build(row, forfeited, terms), version=row["version"])


@router.post(
    "/handhavingsmaatregelen/{maatregel_id}/voornemen",
    operation_id="stuurVoornemen",
    summary="Kondig de maatregel aan",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def intend(change: ChangingMeasure, body: IntentionIn, work: Writing) -> Response:
    """De termijn voor een zienswijze gaat lopen (Awb 4:8)."""
    await handlers.intend(change, body.decided_on, work)
    return await _changed(work, change)


@router.post(
    "/handhavingsmaatregelen/{maatregel_id}/oplegging",
    operation_id="legMaatregelOp",
    summary="Leg de maatregel op",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def impose(change: Imposing, body: ImpositionIn, work: Writing) -> Response:
    """Het mandaat wordt getoetst en bij het besluit bewaard (Awb 10:1, 5:32)."""
    await handlers.impose(change, body.imposition(change.caller, work), work)
    return await _changed(work, change)


@router.post(
    "/handhavingsmaatregelen/{maatregel_id}/verbeurte",
    operation_id="stelVerbeurteVast",
    summary="Stel vast dat een dwangsom is verbeurd",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def forfeit(change: Imposing, body: ForfeitureIn, work: Writing) -> Response:
    """Van rechtswege, als een hercontrole na de termijn de overtreding aantreft (Awb 5:33)."""
    await handlers.forfeit(change, body.inspection_id, work)
    return await _changed(work, change)


@router.post(
    "/handhavingsmaatregelen/{maatregel_id}/invordering",
    operation_id="legInvorderingVast",
    summary="Leg een betaling of invorderingsbeschikking vast",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def collect(change: Imposing, body: CollectionIn, work: Writing) -> Response:
    """Een betaling beëindigt de termijnen; een beschikking stuit de verjaring (Awb 5:37a)."""
    on = body.date or work.today
    await handlers.collect(change, body.sequence, body.performed, on, work)
    return await _changed(work, change)


@router.post(
    "/handhavingsmaatregelen/{maatregel_id}/beeindiging",
    operation_id="beeindigMaatregel",
    summary="Beëindig de maatregel",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def end(change: Imposing, body: EndIn, work: Writing) -> Response:
    """Uitgevoerd, ingetrokken (met reden) of uitgewerkt (het maximum is verbeurd)."""
    await handlers.end(change, body.result, body.ended_on, body.reason, work)
    return await _changed(work, change)


@router.get(
    "/termijnen",
    operation_id="toonTermijnen",
    summary="Lopende termijnen",
    response_model=Results[TermOut],
)
async def clocks(
    *,
    caller: ReaderOfCases,
    rows: Reading,
    page: Page,
    today: Today,
    deelnemer: ByParticipant = None,
    overtreding_id: ByViolation = None,
) -> Response:
    """Wat het eerst fout gaat bovenaan, met het artikel en wat erna komt."""
    filters = {"participant": deelnemer, "violation_id": overtreding_id}
    found, next_key = await views.clocks(rows, caller.participant_filter, filters, today, page)
    return listing([TermOut.of(row) for row in found], page, next_key=next_key)
