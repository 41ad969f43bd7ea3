"""Letters that could not be delivered, and trying again."""

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.context import Ctx, PageReading, PageWriting
from services.intake.letters import commands, queries
from services.intake.letters.commands import SendAgain
from services.intake.letters.domain.mail import MailState
from services.intake.presentation import Done, Identity, templates
from shared.http.paging import Page
from shared.ui.forms import Form

router = APIRouter(prefix="/berichten")


@router.get("")
async def failed(ctx: PageReading, page: Page, done: Done = "") -> Response:
    """What failed after every attempt, newest first."""
    found = await queries.listed(MailState.FAILED, page, ctx)
    return templates.page(
        ctx.request,
        "intake/berichten.html",
        mails=found,
        notice="Het bericht wordt opnieuw verzonden." if done == "opnieuw" else "",
        next_href=page.next_url(found.next_key) if found.next_key else "",
        first_href=page.path if page.after else "",
    )


@router.post("/{id}/opnieuw")
async def again(sent: PageWriting, identity: Identity) -> Response:
    """Put the letter back in the queue."""

    async def act(_: Form, ctx: Ctx) -> str:
        await commands.send_again(SendAgain(identity), ctx)
        return "/intake/berichten?gedaan=opnieuw"

    return await sent.submit(act)
