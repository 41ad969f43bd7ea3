"""The officer's form: one screen, typed while somebody talks; the number comes at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

import asyncpg
from fastapi import APIRouter, Request
from starlette.responses import Response

from services.intake.complaints.commands.receiving import ReceiveComplaint, receive
from services.intake.complaints.domain.complaint import Channel
from services.intake.complaints.schemas.complaints import ComplaintIn, ReceiptOut
from services.intake.context import Desk
from services.intake.dependencies import AtDesk
from services.intake.presentation import Writer, checked, templates
from shared.clock import AMSTERDAM, local_date
from shared.contracts.intake import Urgency
from shared.db.database import Database
from shared.errors import Conflict, Refused, invalid
from shared.http.dependencies import Db
from shared.http.idempotency import CONSTRAINT, Idempotency
from shared.participants import PARTICIPANTS
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import go

router = APIRouter()

# The wire name of each field, and the field of the screens it stands in.
FIELD_NAMES = {
    "adres.straatnaam": "straat",
    "adres.huisnummer": "huisnummer",
    "adres.postcode": "postcode",
    "adres.woonplaats": "plaats",
    "vermoedelijkeBron": "bron",
    "melder.naam": "naam",
    "melder.telefoonnummer": "telefoon",
    "melder.emailadres": "email",
    "melder.bereikbaar": "bereikbaar",
    "signaaltijdstip": "datum",
    "geometrie.coordinates": "postcode",
    "geometrie": "postcode",
    "body": "postcode",
}
ADDRESS = {
    "straatnaam": "straat",
    "huisnummer": "huisnummer",
    "postcode": "postcode",
    "woonplaats": "plaats",
}
PERSON = {
    "naam": "naam",
    "telefoonnummer": "telefoon",
    "emailadres": "email",
    "bereikbaar": "bereikbaar",
}


def moment_in(day: str, clock: str) -> datetime | None:
    """The moment that a date and a time field hold. Raises Invalid."""
    if not day and not clock:
        return None
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock or "00:00"))
    except ValueError:
        raise invalid("datum", "datum", "Vul een dag en een tijd in.") from None
    return at.replace(tzinfo=AMSTERDAM)


def payload(
    answers: Mapping[str, str], *, channel: str, occurred: datetime | None
) -> dict[str, Any]:
    """What was typed, as the wire has it; what was left open stays away."""
    address = {name: answers.get(field) for name, field in ADDRESS.items()}
    body = {
        "categorie": answers.get("categorie", ""),
        "omschrijving": answers.get("omschrijving", ""),
        "kanaal": channel,
        "signaaltijdstip": occurred.isoformat() if occurred else None,
        "adres": _filled(address),
        "geometrie": _point(answers),
        "plaatsomschrijving": answers.get("plaatsomschrijving"),
        "vermoedelijkeBron": answers.get("bron"),
        "deelnemer": answers.get("deelnemer"),
        "melder": _filled({name: answers.get(field) for name, field in PERSON.items()}),
        "terugbellenGewenst": answers.get("bellen") == "ja",
        "terugkoppelingGewenst": answers.get("terugkoppeling") == "ja",
    }
    asked = {"categorie", "omschrijving"}
    return {name: value for name, value in body.items() if value or name in asked}


def _filled(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}


def _point(answers: Mapping[str, str]) -> dict[str, Any] | None:
    if not answers.get("lat") or not answers.get("lon"):
        return None
    try:
        place = [float(answers["lon"]), float(answers["lat"])]
    except ValueError:
        raise invalid("geometrie", "punt", "Wijs de plaats opnieuw aan.") from None
    return {"type": "Point", "coordinates": place}


async def receive_once(
    command: ReceiveComplaint, key: str, subject: str, desk: Desk, db: Database
) -> ReceiptOut:
    """Take the complaint in; the same form again gives the same receipt. Raises Refused."""
    asked = sha256(repr(replace(command, caller=None)).encode()).digest()
    once = Idempotency(key[:200], subject, asked)
    try:
        async with db.work(actor=subject) as work:
            taken = await receive(command, work, desk)
            receipt = ReceiptOut(
                id=taken.id,
                number=taken.number,
                version=taken.version,
                state=taken.state,
                received_at=taken.received_at,
                contact_due=taken.contact_due,
                feedback_due=taken.feedback_due,
            )
            once.answer(work, receipt, version=taken.version)
    except asyncpg.UniqueViolationError as error:
        if getattr(error, "constraint_name", None) != CONSTRAINT:
            raise
        return await _earlier(once, db)
    return receipt


async def _earlier(once: Idempotency, db: Database) -> ReceiptOut:
    try:
        async with db.read() as rows:
            found = await once.earlier(rows)
    except Conflict:
        raise Conflict("Dit formulier is al verstuurd. Open een nieuw formulier.") from None
    if found is None:
        raise Conflict("Verstuur het formulier nog een keer.")
    return ReceiptOut.model_validate_json(bytes(found.body))


@router.get("/klachten/nieuw")
async def new(request: Request, caller: Writer, desk: AtDesk, db: Db) -> Response:
    """The empty form, with the present moment filled in."""
    now = db.clock.now().astimezone(AMSTERDAM)
    start = {"datum": now.date().isoformat(), "tijd": f"{now:%H:%M}", "terugkoppeling": "ja"}
    return await _page(request, desk, db, Form(start))


@router.post("/klachten/nieuw")
async def take(request: Request, caller: Writer, desk: AtDesk, db: Db) -> Response:
    """Take it in, and go on to where it belongs."""
    form = await read_form(request)
    try:
        command = _command(form).command(caller)
        receipt = await receive_once(command, form.key, caller.subject, desk, db)
    except Refused as refusal:
        return await _page(request, desk, db, form.refused(refusal, FIELD_NAMES), refusal.status)
    return go(f"/intake/klachten/{receipt.id}/koppelen?gedaan=ontvangen")


def _command(form: Form) -> ComplaintIn:
    answers = form.given()
    occurred = moment_in(form.text("datum"), form.text("tijd"))
    body = payload(answers, channel=form.text("kanaal"), occurred=occurred)
    return checked(ComplaintIn, {**body, "urgentie": form.text("urgentie") or Urgency.NORMAL})


async def _page(
    request: Request, desk: Desk, db: Database, form: Form, status: int = 200
) -> Response:
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
    today = local_date(db.clock.now())
    return templates.page(
        request,
        "intake/nieuw.html",
        status_code=status,
        form=form,
        categories=[(entry.code, entry.name) for entry in reference.categories_on(today)],
        channels=[(str(each), str(each).capitalize()) for each in Channel],
        urgencies=[(str(each), str(each).capitalize()) for each in Urgency],
        participants=list(PARTICIPANTS),
    )
