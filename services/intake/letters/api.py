"""Outgoing letters: what failed, and trying again."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from services.intake.complaints.schemas.handling import MailOut
from services.intake.dependencies import MailId, WriterOfComplaints
from services.intake.letters import commands as mailing
from services.intake.letters import queries as views
from services.intake.letters.domain.mail import MailState
from services.intake.reporters.schemas import out
from shared.http.dependencies import Reading, Writing
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Results

router = APIRouter(tags=["uitgaande berichten"])


@router.get(
    "/uitgaande-berichten",
    operation_id="toonUitgaandeBerichten",
    summary="Uitgaande berichten",
    response_model=Results[MailOut],
)
async def listed(
    *,
    caller: WriterOfComplaints,
    rows: Reading,
    page: Page,
    status: Annotated[MailState, Query(description="Status")] = MailState.FAILED,
) -> Response:
    """Berichten in een status; zonder keuze de mislukte. Zonder inhoud of ontvanger."""
    found, next_key = await views.listed(rows, status, caller.participant_filter, page)
    return listing([out(MailOut, row) for row in found], page, next_key=next_key)


@router.post(
    "/uitgaande-berichten/{bericht_id}/verzendpogingen",
    operation_id="verzendOpnieuw",
    summary="Probeer een mislukt bericht opnieuw",
    response_model=MailOut,
    responses=problems(409),
)
async def again(caller: WriterOfComplaints, bericht_id: MailId, work: Writing) -> Response:
    """Het bericht gaat opnieuw in de rij."""
    await views.one(work, bericht_id, caller.participant_filter)
    await mailing.send_again(work, bericht_id)
    await work.flush()
    return answer(out(MailOut, await views.one(work, bericht_id, caller.participant_filter)))
