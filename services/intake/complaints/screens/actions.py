"""What is done to a complaint: each deed a small form beside the matter it is about."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from services.intake.complaints import queries as complaints
from services.intake.complaints import store as repository
from services.intake.complaints.commands import answering, linking
from services.intake.complaints.commands.linking import Change, LinkTo
from services.intake.complaints.domain.complaint import AnswerWay, Assessment, Complaint
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.complaints.schemas.handling import (
    AssessmentIn,
    ClosingIn,
    ContactIn,
    ForwardIn,
    ReasonIn,
)
from services.intake.complaints.screens.clocks import urgent_clock
from services.intake.complaints.screens.complaint import Asked
from services.intake.context import Desk
from services.intake.dependencies import AtDesk
from services.intake.incidents import queries as incidents
from services.intake.locations import queries as locations
from services.intake.presentation import TONES, Identity, Writer, checked, templates, version_in
from shared.clock import local_date
from shared.contracts.intake import Outcome
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed, Refused, invalid
from shared.geo import Point, to_rd
from shared.http.dependencies import Db
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter(prefix="/klachten/{id}")
DeedName = Annotated[
    str,
    Path(
        alias="daad",
        pattern="^(koppelen|beoordelen|afhandelen|contact|doorsturen|intrekken|heropenen|behandelaar)$",
    ),
]
Words = Annotated[str, Query(alias="zoek", max_length=80)]
Done = Annotated[str, Query(alias="gedaan", max_length=20)]
Act = Callable[[Change, Form, UnitOfWork, Desk], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed: the title of its form, what it does, and the word that says it was done."""

    title: str
    act: Act
    done: str


async def _link(change: Change, form: Form, work: UnitOfWork, desk: Desk) -> Complaint:
    """The choice is a location, or a location with one of its running incidents."""
    location, _, incident = form.text("keuze").partition(" ")
    try:
        to = LinkTo(UUID(location), UUID(incident) if incident else None)
    except ValueError:
        raise invalid("keuze", "verplicht", "Kies waar het was.") from None
    return await linking.link(change, to, work, desk)


async def _assess(change: Change, form: Form, work: UnitOfWork, desk: Desk) -> Complaint:
    asked = {"oordeel": form.text("oordeel"), "toelichting": form.text("toelichting")}
    body = checked(AssessmentIn, {**asked, **form.given("oorzaak")})
    assessment = Assessment(body.outcome, body.cause, body.explanation)
    return await answering.assess(change, assessment, work, desk)


async def _close(change: Change, form: Form, work: UnitOfWork, desk: Desk) -> Complaint:
    body = checked(ClosingIn, {"antwoordwijze": form.text("antwoordwijze")})
    return await answering.close(change, body.way, work, desk)


async def _contact(change: Change, form: Form, work: UnitOfWork, _: Desk) -> object:
    fields = {name: form.text(name) for name in ("partij", "soort", "verslag")}
    body = checked(ContactIn, fields)
    contact = answering.Contact(body.party, body.kind, body.note)
    return await answering.note_contact(change, contact, work)


async def _forward(change: Change, form: Form, work: UnitOfWork, desk: Desk) -> Complaint:
    body = checked(ForwardIn, {"doorgestuurdNaar": form.text("doorgestuurdNaar")})
    return await answering.forward(change, body.forwarded_to, work, desk)


async def _withdraw(change: Change, _: Form, work: UnitOfWork, __: Desk) -> Complaint:
    return await answering.withdraw(change, work)


async def _reopen(change: Change, form: Form, work: UnitOfWork, desk: Desk) -> Complaint:
    body = checked(ReasonIn, {"reden": form.text("reden")})
    return await answering.reopen(change, body.reason, work, desk)


async def _assign(change: Change, _: Form, work: UnitOfWork, __: Desk) -> Complaint:
    return await linking.assign(change, work)


DEEDS: Mapping[str, Deed] = {
    "koppelen": Deed("Waar was het?", _link, "gekoppeld"),
    "beoordelen": Deed("Beoordeel de klacht", _assess, "beoordeeld"),
    "afhandelen": Deed("Beantwoord de melder", _close, "afgehandeld"),
    "contact": Deed("Leg een contactmoment vast", _contact, "contact"),
    "doorsturen": Deed("Stuur de klacht door", _forward, "doorgestuurd"),
    "intrekken": Deed("Trek de klacht in", _withdraw, "ingetrokken"),
    "heropenen": Deed("Heropen de klacht", _reopen, "heropend"),
    "behandelaar": Deed("Neem in behandeling", _assign, "behandelaar"),
}


@router.get("/{daad}")
async def ask(
    *,
    request: Request,
    caller: Writer,
    db: Db,
    desk: AtDesk,
    identity: Identity,
    deed: DeedName,
    words: Words = "",
    done: Done = "",
) -> Response:
    """The form of a deed."""
    asked = Asked(request, caller, db, desk, identity)
    return await _page(asked, deed, Form(), words=words, fresh=done == "ontvangen")


@router.post("/{daad}")
async def act(
    *,
    request: Request,
    caller: Writer,
    db: Db,
    desk: AtDesk,
    identity: Identity,
    deed: DeedName,
    words: Words = "",
) -> Response:
    """Do it, and show the complaint."""
    form = await read_form(request)

    async def do(work: UnitOfWork) -> str:
        await DEEDS[deed].act(Change(identity, version_in(form), caller), form, work, desk)
        return f"/intake/klachten/{identity}?gedaan={DEEDS[deed].done}"

    try:
        return await once(Sent(request, form, caller.subject, db), do)
    except Refused as refusal:
        asked = Asked(request, caller, db, desk, identity)
        refused = form.refused(refusal, {"locatieId": "keuze"})
        return await _page(asked, deed, refused, words=words, status=refusal.status)


async def _page(
    asked: Asked,
    deed: str,
    form: Form,
    *,
    words: str = "",
    fresh: bool = False,
    status: int = 200,
) -> Response:
    async with asked.db.work(actor=asked.caller.subject) as work:
        row = await complaints.one(work, asked.id, asked.caller.participant_filter)
        extra = await _extra(asked, deed, row, words, work)
        reference = await asked.desk.reference.get(work)
    now = asked.db.clock.now()
    return templates.page(
        asked.request,
        f"intake/daad_{deed}.html",
        status_code=status,
        form=form,
        row=row,
        title=DEEDS[deed].title,
        action=f"/intake/klachten/{asked.id}/{deed}",
        back=f"/intake/klachten/{asked.id}",
        category=reference.category_name(row["category"]),
        clock=urgent_clock(row, now),
        tone=TONES[row["state"]],
        fresh=fresh,
        words=words,
        **extra,
    )


async def _extra(asked: Asked, deed: str, row: Row, words: str, work: UnitOfWork) -> dict[str, Any]:
    if deed == "koppelen":
        return {"choices": await _choices(asked, row, words, work)}
    if deed == "beoordelen":
        reference = await asked.desk.reference.get(work)
        causes = reference.causes_on(local_date(asked.db.clock.now()))
        return {
            "outcomes": [(str(each), str(each).capitalize()) for each in Outcome],
            "causes": [(entry.code, entry.name) for entry in causes],
        }
    if deed == "afhandelen":
        return {"letter": await _letter(asked, work), "ways": _ways(row)}
    if deed == "contact":
        return {
            "parties": [(str(each), str(each).capitalize()) for each in Party],
            "kinds": [(str(each), str(each).capitalize()) for each in ContactKind],
        }
    return {}


async def _choices(asked: Asked, row: Row, words: str, rows: Rows) -> list[dict[str, Any]]:
    """Locations near the place or by name, each with the incidents that run there."""
    visible = asked.caller.participant_filter
    if words.strip():
        found = await locations.search(rows, words, visible)
    elif row["lon"] is not None:
        found = await locations.near(rows, to_rd(Point(row["lon"], row["lat"])), visible)
    else:
        found = await _guessed(row, rows, visible)
    return [
        {**one, "incidents": await incidents.joinable(rows, one["id"], row["category"])}
        for one in found
    ]


async def _guessed(row: Row, rows: Rows, visible: list[str] | None) -> list[dict[str, Any]]:
    """Without a point: what the complainant named as the source, else the address."""
    for words in (row["supposed_source"], row["postcode"], row["street"]):
        if words and (found := await locations.search(rows, words, visible)):
            return found
    return []


async def _letter(asked: Asked, work: UnitOfWork) -> Any:
    """The answer as it will be sent, where there is something to answer."""
    try:
        found = await repository.lock_complaint(work, asked.id)
        return await answering.preview(found, work, asked.desk)
    except NotAllowed:
        return None


def _ways(row: Row) -> list[tuple[str, ...]]:
    ways: list[tuple[str, ...]] = []
    if row["reachable_by_mail"]:
        ways.append((str(AnswerWay.MAIL), "Per e-mail", "De brief hieronder gaat meteen uit."))
    ways.append((str(AnswerWay.TELEPHONE), "Per telefoon", "Leg het gesprek eerst vast."))
    if not row["wants_feedback"]:
        ways.append((str(AnswerWay.NONE), "Geen antwoord", "De melder vroeg er niet om."))
    return ways
