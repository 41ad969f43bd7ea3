"""One complaint: the matter, its terms, what happened, and what can be done next."""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from services.intake.complaints import queries
from services.intake.complaints.commands import erasing
from services.intake.complaints.commands.erasing import EraseReporter
from services.intake.complaints.domain.complaint import TRANSITIONS, State
from services.intake.complaints.queries import ComplaintRow
from services.intake.complaints.screens.clocks import all_clocks, urgent_clock
from services.intake.context import Ctx, PageCtx, PageReading, PageWriting
from services.intake.letters import documents
from services.intake.letters import queries as letters
from services.intake.presentation import TONES, WHOLE, Done, Identity, entries_of, templates
from services.intake.reporters import commands as reporters
from services.intake.reporters import queries as reporter_log
from services.intake.reporters.commands import ReadReporter
from services.intake.reporters.domain import Purpose, Reporter
from shared.auth.caller import Caller
from shared.errors import Refused, invalid
from shared.participants import names_for
from shared.product.roles import Scope
from shared.ui.forms import Form

router = APIRouter()
DONE = {
    "gekoppeld": "De klacht is gekoppeld.",
    "beoordeeld": "De beoordeling is vastgelegd.",
    "afgehandeld": "De klacht is afgehandeld.",
    "contact": "Het contactmoment is vastgelegd.",
    "doorgestuurd": "De klacht is doorgestuurd.",
    "ingetrokken": "De klacht is ingetrokken.",
    "heropend": "De klacht is heropend.",
    "behandelaar": "U behandelt deze klacht.",
    "gewist": "De gegevens van de melder zijn gewist.",
}
# What a state asks for next, and how that is called.
NEXT = {
    State.RECEIVED: ("koppelen", "Koppel aan een locatie"),
    State.REOPENED: ("koppelen", "Koppel aan een locatie"),
    State.IN_PROGRESS: ("beoordelen", "Beoordeel"),
    State.ASSESSED: ("afhandelen", "Beantwoord en sluit"),
}
PURPOSES = [(str(Purpose.CONTACT), "Contact met de melder"),
            (str(Purpose.HANDLING), "Afhandeling van de klacht"),
            (str(Purpose.SUBJECT_REQUEST), "Verzoek van de betrokkene")]  # fmt: skip


@router.get("/klachten/{id}")
async def complaint(ctx: PageReading, identity: Identity, done: Done = "") -> Response:
    """The whole file."""
    return await show(ctx, Form(), 200, identity=identity, notice=DONE.get(done, ""))


@router.post("/klachten/{id}/melder")
async def person(sent: PageWriting, identity: Identity) -> Response:
    """Who complained, for a purpose that is written down."""
    page = partial(show, identity=identity)
    try:
        command = ReadReporter(identity, _purpose(sent.form))
        async with sent.working() as ctx:
            found = await reporters.read(command, ctx)
    except Refused as refusal:
        return await sent.show(page, sent.form.refused(refusal), refusal.status)
    return await sent.show(partial(page, who=found), sent.form)


def _purpose(form: Form) -> Purpose:
    if form.text("doel") not in dict(PURPOSES):
        raise invalid("doel", "verplicht", "Kies waarvoor u de gegevens nodig hebt.")
    return Purpose(form.text("doel"))


@router.post("/klachten/{id}/melder/wissen")
async def erase(sent: PageWriting, identity: Identity) -> Response:
    """Destroy the key of the person, on their own request."""

    async def act(form: Form, ctx: Ctx) -> str:
        if form.text("zeker") != "ja":
            raise invalid("zeker", "verplicht", "Bevestig dat de betrokkene hierom vraagt.")
        command = EraseReporter(identity, form.version, Purpose.SUBJECT_REQUEST)
        await erasing.erase(command, ctx)
        return f"/intake/klachten/{identity}?gedaan=gewist"

    return await sent.submit(act, otherwise=partial(show, identity=identity))


async def show(
    ctx: PageCtx,
    form: Form,
    status: int,
    *,
    identity: UUID,
    notice: str = "",
    who: Reporter | None = None,
) -> Response:
    """The page of the complaint."""
    row = await queries.one(identity, ctx)
    reference = await ctx.kit.reference.get(ctx.rows)
    caller, sees_persons = ctx.caller, ctx.caller.may(Scope.REPORTERS_READ)
    may_write = caller.may(Scope.COMPLAINTS_WRITE)
    timeline = await queries.timeline(identity, WHOLE, ctx)
    return templates.page(
        ctx.request,
        "intake/klacht.html",
        status_code=status,
        form=form,
        row=row,
        notice=notice,
        person=who,
        person_kept=await queries.reporter_kept(identity, ctx),
        category=reference.category_name(row.category),
        cause=row.cause and reference.cause_name(row.cause),
        clock=urgent_clock(row, ctx.now),
        clocks=all_clocks(row, ctx.now),
        tone=TONES[row.state],
        participant=names_for(ctx.request).name_of(row.participant),
        timeline=[*entries_of(timeline), _received(row)],
        contacts=await queries.contacts(identity, WHOLE, ctx),
        mails=await letters.of_complaint(identity, ctx),
        answered=sees_persons and await documents.has_answer(identity, ctx),
        log=await reporter_log.log(identity, WHOLE, ctx) if sees_persons else [],
        purposes=PURPOSES,
        may_see_person=sees_persons,
        may_erase=sees_persons and may_write,
        next=NEXT.get(row.state) if may_write else None,
        actions=_actions(row, caller) if may_write else [],
    )


def _received(row: ComplaintRow) -> dict[str, Any]:
    return {"when": row.received_at, "what": "Klacht ontvangen", "who": row.channel}


def _actions(row: ComplaintRow, caller: Caller) -> list[dict[str, str]]:
    """What else may be done in this state: links, and posts that need no page."""
    following = {state for state, _ in TRANSITIONS.next(row.state)}
    base = f"/intake/klachten/{row.id}"
    actions = [{"href": f"{base}/contact", "text": "Leg contact vast"}]
    if row.state in NEXT and row.handler != caller.subject:
        actions.append({"post": f"{base}/behandelaar", "text": "Neem in behandeling"})
    pages = [
        (State.IN_PROGRESS, "koppelen", "Koppel aan een locatie"),
        (State.ASSESSED, "beoordelen", "Beoordeel"),
        (State.FORWARDED, "doorsturen", "Stuur door"),
        (State.WITHDRAWN, "intrekken", "Trek in voor de melder"),
        (State.REOPENED, "heropenen", "Heropen"),
    ]
    first = NEXT.get(row.state, ("", ""))[0]
    actions += [
        {"href": f"{base}/{name}", "text": text}
        for state, name, text in pages
        if state in following and name != first
    ]
    return actions
