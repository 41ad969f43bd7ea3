"""One complaint: the matter, its terms, what happened, and what can be done next."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints.commands.linking import Change
from services.intake.complaints.domain.complaint import TRANSITIONS, State
from services.intake.complaints.domain.contact import Party
from services.intake.complaints.screens.clocks import all_clocks, urgent_clock
from services.intake.context import Desk
from services.intake.dependencies import AtDesk
from services.intake.letters import documents
from services.intake.presentation import (
    TONES,
    Done,
    Identity,
    PersonReader,
    Viewer,
    templates,
    version_in,
)
from services.intake.reporters import commands as reporters
from services.intake.reporters.domain import Purpose, Reporter
from shared.auth.caller import Caller
from shared.db.database import Database
from shared.db.rows import Row
from shared.errors import Refused, invalid
from shared.http.dependencies import Db
from shared.participants import name_of
from shared.product.roles import Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import go

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


@dataclass(frozen=True, slots=True)
class Asked:
    """A request about one complaint."""

    request: Request
    caller: Caller
    db: Database
    desk: Desk
    id: UUID


@router.get("/klachten/{id}")
async def complaint(
    request: Request, caller: Viewer, db: Db, desk: AtDesk, identity: Identity, done: Done = ""
) -> Response:
    """The whole file."""
    asked = Asked(request, caller, db, desk, identity)
    return await show(asked, notice=DONE.get(done, ""))


@router.post("/klachten/{id}/melder")
async def person(
    request: Request, caller: PersonReader, db: Db, desk: AtDesk, identity: Identity
) -> Response:
    """Who complained, for a purpose that is written down."""
    form = await read_form(request)
    asked = Asked(request, caller, db, desk, identity)
    try:
        if form.text("doel") not in dict(PURPOSES):
            raise invalid("doel", "verplicht", "Kies waarvoor u de gegevens nodig hebt.")
        async with db.work(actor=caller.subject) as work:
            purpose = Purpose(form.text("doel"))
            found = await reporters.read_reporter(identity, purpose, caller, work, desk)
    except Refused as refusal:
        return await show(asked, form=form.refused(refusal), status=refusal.status)
    return await show(asked, person=found)


@router.post("/klachten/{id}/melder/wissen")
async def erase(
    request: Request, caller: PersonReader, db: Db, desk: AtDesk, identity: Identity
) -> Response:
    """Destroy the key of the person, on their own request."""
    form = await read_form(request)
    try:
        caller.require(Scope.COMPLAINTS_WRITE)
        if form.text("zeker") != "ja":
            raise invalid("zeker", "verplicht", "Bevestig dat de betrokkene hierom vraagt.")
        change = Change(identity, version_in(form), caller)
        async with db.work(actor=caller.subject) as work:
            await reporters.erase_reporter(change, Purpose.SUBJECT_REQUEST, work)
    except Refused as refusal:
        asked = Asked(request, caller, db, desk, identity)
        return await show(asked, form=form.refused(refusal), status=refusal.status)
    return go(f"/intake/klachten/{identity}?gedaan=gewist")


async def show(
    asked: Asked,
    *,
    form: Form | None = None,
    status: int = 200,
    notice: str = "",
    person: Reporter | None = None,
) -> Response:
    """The page of the complaint."""
    caller, now = asked.caller, asked.db.clock.now()
    async with asked.db.read() as rows:
        row = await complaints.one(rows, asked.id, caller.participant_filter)
        reference = await asked.desk.reference.get(rows)
        entries = await complaints.timeline(rows, asked.id, row["incident_id"])
        contacts = await complaints.contacts(rows, asked.id)
        mails = await complaints.mails(rows, asked.id)
        log = await complaints.processing_log(rows, asked.id)
        answered = await documents.has_answer(rows, asked.id, caller.sight)
    whole = caller.may(Scope.REPORTERS_READ)
    return templates.page(
        asked.request,
        "intake/klacht.html",
        status_code=status,
        form=form or Form(),
        row=row,
        notice=notice,
        person=person,
        category=reference.category_name(row["category"]),
        cause=row["cause"] and reference.cause_name(row["cause"]),
        clock=urgent_clock(row, now),
        clocks=all_clocks(row, now),
        tone=TONES[row["state"]],
        participant=name_of(row["participant"]),
        timeline=[_entry(entry) for entry in entries] + [_received(row)],
        contacts=[one for one in contacts if whole or one["party"] != Party.REPORTER],
        mails=mails,
        answered=answered and whole,
        log=log if whole else [],
        purposes=PURPOSES,
        may_see_person=whole,
        may_erase=whole and caller.may(Scope.COMPLAINTS_WRITE),
        next=NEXT.get(State(row["state"])) if caller.may(Scope.COMPLAINTS_WRITE) else None,
        deeds=_deeds(row, caller),
    )


def _entry(entry: Row) -> dict[str, Any]:
    return {
        "when": entry["at"],
        "what": entry["title"],
        "who": entry["actor"],
        "text": entry["detail"],
        "href": entry["link"],
    }


def _received(row: Row) -> dict[str, Any]:
    return {"when": row["received_at"], "what": "Klacht ontvangen", "who": row["channel"]}


def _deeds(row: Row, caller: Caller) -> list[dict[str, str]]:
    """What else may be done in this state: links, and posts that need no page."""
    if not caller.may(Scope.COMPLAINTS_WRITE):
        return []
    here = State(row["state"])
    following = {state for state, _ in TRANSITIONS.next(here)}
    base = f"/intake/klachten/{row['id']}"
    deeds = [{"href": f"{base}/contact", "text": "Leg contact vast"}]
    if here in NEXT and row["handler"] != caller.subject:
        deeds.append({"post": f"{base}/behandelaar", "text": "Neem in behandeling"})
    pages = [
        (State.IN_PROGRESS, "koppelen", "Koppel aan een locatie"),
        (State.ASSESSED, "beoordelen", "Beoordeel"),
        (State.FORWARDED, "doorsturen", "Stuur door"),
        (State.WITHDRAWN, "intrekken", "Trek in voor de melder"),
        (State.REOPENED, "heropenen", "Heropen"),
    ]
    first = NEXT.get(here, ("", ""))[0]
    deeds += [
        {"href": f"{base}/{name}", "text": text}
        for state, name, text in pages
        if state in following and name != first
    ]
    return deeds
