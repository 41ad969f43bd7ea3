"""Letters that could not be delivered, and trying again."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.intake.letters import commands as mailing
from services.intake.letters import queries as post
from services.intake.letters.domain.mail import MailState
from services.intake.presentation import Done, Writer, templates
from shared.http.dependencies import Db
from shared.http.paging import Page
from shared.ui.forms import read_form
from shared.ui.idempotency import go

router = APIRouter(prefix="/berichten")
MailIdentity = Annotated[UUID, Path(alias="id")]


@router.get("")
async def failed(request: Request, caller: Writer, db: Db, page: Page, done: Done = "") -> Response:
    """What failed after every attempt, newest first."""
    async with db.read() as rows:
        found, next_key = await post.listed(rows, MailState.FAILED, caller.participant_filter, page)
    return templates.page(
        request,
        "intake/berichten.html",
        mails=found,
        notice="Het bericht wordt opnieuw verzonden." if done == "opnieuw" else "",
        next_href=page.next_url(next_key) if next_key else "",
        first_href=page.path if page.after else "",
    )


@router.post("/{id}/opnieuw")
async def again(request: Request, caller: Writer, db: Db, identity: MailIdentity) -> Response:
    """Put the letter back in the queue."""
    await read_form(request)
    async with db.work(actor=caller.subject) as work:
        await post.one(work, identity, caller.participant_filter)
        await mailing.send_again(work, identity)
    return go("/intake/berichten?gedaan=opnieuw")
