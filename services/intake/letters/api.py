"""Outgoing letters: what failed, and trying again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from services.intake.context import Reading, Writing
from services.intake.letters import commands, queries
from services.intake.letters.commands import SendAgain
from services.intake.letters.domain.mail import MailState
from services.intake.letters.schemas import MailOut
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import listing
from shared.http.schema import Results

router = APIRouter(tags=["uitgaande berichten"])
MailId = Annotated[UUID, Path(alias="berichtId", description="Identificatie van het bericht")]


@router.get(
    "/uitgaande-berichten",
    operation_id="toonUitgaandeBerichten",
    summary="Uitgaande berichten",
    response_model=Results[MailOut],
)
async def listed(
    *,
    ctx: Reading,
    page: Page,
    status: Annotated[MailState, Query(description="Status")] = MailState.FAILED,
) -> Response:
    """Berichten in een status; zonder keuze de mislukte. Zonder inhoud of ontvanger."""
    found = await queries.listed(status, page, ctx)
    return listing([MailOut.of(row) for row in found], page, next_key=found.next_key)


@router.post(
    "/uitgaande-berichten/{berichtId}/verzendpogingen",
    operation_id="verzendOpnieuw",
    summary="Probeer een mislukt bericht opnieuw",
    response_model=MailOut,
    responses=problems(409),
)
async def again(ctx: Writing, letter_id: MailId) -> Response:
    """Het bericht gaat opnieuw in de rij."""
    await commands.send_again(SendAgain(letter_id), ctx)
    await ctx.work.flush()
    return ctx.answer(MailOut.of(await queries.one(letter_id, ctx)))
