"""Measures: list, read, announce, impose, forfeit, collect, end; and the clocks that run."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.context import ReadCtx, Reading, Writing
from services.enforcement.measures import commands, queries
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
from services.enforcement.parameters import ByLocation, ByParticipant, ByViolation, MeasureId
from shared.contracts.enforcement import Instrument
from shared.http.dependencies import IfMatch
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results
from shared.product.roles import Scope

router = APIRouter(tags=["handhavingsmaatregelen"])


async def file_of(
    measure_id: UUID, ctx: ReadCtx, scope: Scope = Scope.ENFORCEMENT_READ
) -> MeasureFileOut:
    """The measure with what was forfeited and the terms that run."""
    row = await queries.one(measure_id, ctx, scope)
    forfeited = await queries.forfeitures(row, ctx.rows)
    terms = await queries.clocks_of_measure(row, ctx.today, ctx.rows)
    return MeasureFileOut.build(row, forfeited, terms)


async def _changed(measure_id: UUID, ctx: Writing, scope: Scope) -> Response:
    """The measure as it now is, with its new ETag."""
    await ctx.work.flush()
    found = await file_of(measure_id, ctx, scope)
    return ctx.answer(found, version=found.version)


@router.get(
    "/handhavingsmaatregelen",
    operation_id="toonMaatregelen",
    summary="Handhavingsmaatregelen",
    response_model=Results[MeasureOut],
)
async def listed(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[list[MeasureState] | None, Query(description="Statussen")] = None,
    handhavingsinstrument: Annotated[Instrument | None, Query(description="Het instrument")] = None,
    deelnemer: ByParticipant = None,
    overtreding_id: ByViolation = None,
    locatie_id: ByLocation = None,
) -> Response:
    """De laatst gekozen maatregel eerst."""
    found = await queries.listed(
        page,
        ctx,
        states=status or None,
        instrument=handhavingsinstrument,
        participant=deelnemer,
        violation_id=overtreding_id,
        location_id=locatie_id,
    )
    return listing([MeasureOut.of(row) for row in found], page, next_key=found.next_key)


@router.get(
    "/handhavingsmaatregelen/{maatregelId}",
    operation_id="toonMaatregel",
    summary="Een maatregel met haar termijnen",
    response_model=MeasureFileOut,
)
async def one(measure_id: MeasureId, ctx: Reading) -> Response:
    """Ook de verbeurde dwangsommen en de mogelijke volgende stappen met hun artikel."""
    found = await file_of(measure_id, ctx)
    return answer(found, version=found.version)


@router.post(
    "/handhavingsmaatregelen/{maatregelId}/voornemen",
    operation_id="stuurVoornemen",
    summary="Kondig de maatregel aan",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def intend(
    measure_id: MeasureId, version: IfMatch, body: IntentionIn, ctx: Writing
) -> Response:
    """De termijn voor een zienswijze gaat lopen (Awb 4:8)."""
    await commands.intend(body.command(measure_id, version), ctx)
    return await _changed(measure_id, ctx, Scope.ENFORCEMENT_WRITE)


@router.post(
    "/handhavingsmaatregelen/{maatregelId}/oplegging",
    operation_id="legMaatregelOp",
    summary="Leg de maatregel op",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def impose(
    measure_id: MeasureId, version: IfMatch, body: ImpositionIn, ctx: Writing
) -> Response:
    """Het mandaat wordt getoetst en bij het besluit bewaard (Awb 10:1, 5:32)."""
    await commands.impose(body.command(measure_id, version), ctx)
    return await _changed(measure_id, ctx, Scope.ORDER_IMPOSE)


@router.post(
    "/handhavingsmaatregelen/{maatregelId}/verbeurte",
    operation_id="stelVerbeurteVast",
    summary="Stel vast dat een dwangsom is verbeurd",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def forfeit(
    measure_id: MeasureId, version: IfMatch, body: ForfeitureIn, ctx: Writing
) -> Response:
    """Van rechtswege, als een hercontrole na de termijn de overtreding aantreft (Awb 5:33)."""
    await commands.forfeit(body.command(measure_id, version), ctx)
    return await _changed(measure_id, ctx, Scope.ORDER_IMPOSE)


@router.post(
    "/handhavingsmaatregelen/{maatregelId}/invordering",
    operation_id="legInvorderingVast",
    summary="Leg een betaling of invorderingsbeschikking vast",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def collect(
    measure_id: MeasureId, version: IfMatch, body: CollectionIn, ctx: Writing
) -> Response:
    """Een betaling beëindigt de termijnen; een beschikking stuit de verjaring (Awb 5:37a)."""
    await commands.collect(body.command(measure_id, version), ctx)
    return await _changed(measure_id, ctx, Scope.ORDER_IMPOSE)


@router.post(
    "/handhavingsmaatregelen/{maatregelId}/beeindiging",
    operation_id="beeindigMaatregel",
    summary="Beëindig de maatregel",
    response_model=MeasureFileOut,
    responses=problems(409, 412),
)
async def end(measure_id: MeasureId, version: IfMatch, body: EndIn, ctx: Writing) -> Response:
    """Uitgevoerd, ingetrokken (met reden) of uitgewerkt (het maximum is verbeurd)."""
    await commands.end(body.command(measure_id, version), ctx)
    return await _changed(measure_id, ctx, Scope.ORDER_IMPOSE)


@router.get(
    "/termijnen",
    operation_id="toonTermijnen",
    summary="Lopende termijnen",
    response_model=Results[TermOut],
)
async def clocks(
    *,
    ctx: Reading,
    page: Page,
    deelnemer: ByParticipant = None,
    overtreding_id: ByViolation = None,
) -> Response:
    """Wat het eerst fout gaat bovenaan, met het artikel en wat erna komt."""
    found = await queries.clocks(page, ctx, participant=deelnemer, violation_id=overtreding_id)
    return listing([TermOut.of(row) for row in found], page, next_key=found.next_key)
