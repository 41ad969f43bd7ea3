"""Policy as data: versions of the matrix, and the mandate register."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.enforcement.dependencies import (
    ByParticipant,
    ChangingMatrix,
    Manager,
    MatrixId,
    ReaderOfCases,
)
from services.enforcement.policy import commands as handlers
from services.enforcement.policy import queries as views
from services.enforcement.policy.schemas import (
    ActivationIn,
    MandateIn,
    MandateOut,
    MatrixIn,
    MatrixOut,
)
from shared.contracts.enforcement import Instrument
from shared.http.dependencies import Reading, Writing
from shared.http.idempotency import Once
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["beleid"])


@router.get(
    "/lhso-matrices",
    operation_id="toonMatrices",
    summary="Versies van de LHSO-matrix",
    response_model=Results[MatrixOut],
)
async def matrices(caller: ReaderOfCases, rows: Reading, page: Page) -> Response:
    """De geldende versie eerst; het label waarschuwt zolang cellen niet zijn nagegaan."""
    found = await views.matrices(rows)
    return listing([MatrixOut.of(row) for row in found[: page.limit]], page)


@router.get(
    "/lhso-matrices/{matrix_id}",
    operation_id="toonMatrix",
    summary="Een versie van de LHSO-matrix",
    response_model=MatrixOut,
)
async def matrix(caller: ReaderOfCases, matrix_id: MatrixId, rows: Reading) -> Response:
    """Een versie, met haar versienummer in de ETag."""
    row = await views.matrix_row(rows, matrix_id)
    return answer(MatrixOut.of(row), version=row["version"])


@router.post(
    "/lhso-matrices",
    operation_id="stelMatrixOp",
    summary="Stel een nieuwe versie van de matrix op",
    status_code=201,
    response_model=MatrixOut,
    responses=problems(409),
)
async def draw_up(caller: Manager, body: MatrixIn, work: Writing, once: Once) -> Response:
    """Een concept met alle 16 cellen; een ander stelt het vast."""
    drawn = await handlers.draw_up(body.draft(), caller, work)
    await work.flush()
    row = await views.matrix_row(work, drawn.id)
    location = f"/enforcement/v1/lhso-matrices/{drawn.id}"
    return once.answer(work, MatrixOut.of(row), version=drawn.version, location=location)


@router.post(
    "/lhso-matrices/{matrix_id}/activering",
    operation_id="activeerMatrix",
    summary="Stel een versie van de matrix vast",
    response_model=MatrixOut,
    responses=problems(409, 412),
)
async def activate(change: ChangingMatrix, body: ActivationIn, work: Writing) -> Response:
    """Door een ander dan de opsteller. Lopende zaken houden de versie waarmee zij begonnen."""
    await handlers.activate(change, body.decision_reference, work)
    await work.flush()
    row = await views.matrix_row(work, change.id)
    return answer(MatrixOut.of(row), version=row["version"])


@router.get(
    "/mandaten",
    operation_id="toonMandaten",
    summary="Het mandaatregister",
    response_model=Results[MandateOut],
)
async def mandates(
    *,
    caller: ReaderOfCases,
    rows: Reading,
    page: Page,
    deelnemer: ByParticipant = None,
    bevoegdheid: Annotated[Instrument | None, Query(description="De bevoegdheid")] = None,
) -> Response:
    """Per deelnemer en bevoegdheid, met geldigheid en uitsluitingen."""
    found, next_key = await views.mandates(
        rows, caller.participant_filter, page, participant=deelnemer, power=bevoegdheid
    )
    return listing([MandateOut.of(row) for row in found], page, next_key=next_key)


@router.post(
    "/mandaten",
    operation_id="registreerMandaat",
    summary="Voeg een mandaat toe aan het register",
    status_code=201,
    response_model=MandateOut,
    responses=problems(409),
)
async def register(caller: Manager, body: MandateIn, work: Writing, once: Once) -> Response:
    """Een wijziging is een nieuwe regel met een eigen geldigheid."""
    registered = await handlers.register_mandate(body.mandate(), caller, work)
    return once.answer(work, MandateOut.of(registered), version=registered.version)
