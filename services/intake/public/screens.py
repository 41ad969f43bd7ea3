"""The public form: one question per page, without account, and it works without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from services.intake.complaints.domain.complaint import require_past
from services.intake.complaints.schemas.complaints import ComplaintIn
from services.intake.complaints.screens.phone_intake import (
    FIELD_NAMES,
    moment_in,
    payload,
    receive_once,
)
from services.intake.context import Desk
from services.intake.dependencies import AtDesk
from services.intake.presentation import checked, templates
from services.intake.public import draft
from services.intake.reference.domain.lists import Entry
from services.intake.reference.domain.terms import ClockKind
from shared.auth.pages import visitor
from shared.clock import local_date
from shared.contracts.intake import Urgency
from shared.db.database import Database
from shared.errors import Invalid, Refused, TooMany, invalid
from shared.http.dependencies import Db
from shared.ui.formats import tijdstip
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import go

router = APIRouter(prefix="/melden")


@dataclass(frozen=True, slots=True)
class Step:
    """One page: the fields that it asks."""

    name: str
    fields: tuple[str, ...]


PLACE = ("straat", "postcode", "plaatsomschrijving", "lat")
STEPS = (
    Step("wat", ("categorie",)),
    Step(
        "waar", ("straat", "huisnummer", "postcode", "plaats", "plaatsomschrijving", "lat", "lon")
    ),
    Step("bron", ("bron",)),
    Step("verhaal", ("omschrijving", "wanneer", "datum", "tijd")),
    Step("contact", ("naam", "telefoon", "email", "bellen")),
)
BY_NAME = {step.name: step for step in STEPS}
StepName = Annotated[str, Path(alias="stap", pattern="^(wat|waar|bron|verhaal|contact)$")]
MAX_TEXT = 1500


@router.get("")
async def start(request: Request, desk: AtDesk, db: Db) -> Response:
    """The first question; answers of earlier today are still there."""
    return await _ask(request, desk, db, "wat")


@router.get("/controleren")
async def check(request: Request, desk: AtDesk, db: Db) -> Response:
    """Everything once more, before it is sent."""
    answers = draft.opened(request, desk)
    if missing := _first_missing(answers):
        return go(f"{draft.PATH}/{missing}")
    return await _check(request, desk, db, answers, Form(key=answers["sleutel"]))


@router.post("/controleren")
async def send(request: Request, desk: AtDesk, db: Db) -> Response:
    """Send it; a second click gives the same number."""
    await read_form(request)
    answers = draft.opened(request, desk)
    if missing := _first_missing(answers):
        return go(f"{draft.PATH}/{missing}")
    form = Form(key=answers["sleutel"])
    try:
        desk.public_limit.take(request.client.host if request.client else "")
        number = await _sent(answers, desk, db)
    except TooMany as refusal:
        later = await _check(request, desk, db, answers, form.refused(refusal), refusal.status)
        later.headers["Retry-After"] = str(refusal.retry_after)
        return later
    except Refused as refusal:
        refused = form.refused(refusal, FIELD_NAMES)
        return await _check(request, desk, db, answers, refused, refusal.status)
    response = go(f"{draft.PATH}/ontvangen")
    told = {
        "sleutel": answers["sleutel"],
        "nummer": number,
        "bereikbaar": "ja" if answers.get("email") or answers.get("telefoon") else "",
        "bericht": "ja" if answers.get("email") else "",
    }
    draft.keep(response, told, desk, request.app.state.settings)
    return response


@router.get("/ontvangen")
async def received(request: Request, desk: AtDesk, db: Db) -> Response:
    """The number, and what happens next."""
    answers = draft.opened(request, desk)
    if "nummer" not in answers:
        return go(draft.PATH)
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
    today = local_date(db.clock.now())
    due = reference.terms_on(today).due(Urgency.NORMAL, ClockKind.FEEDBACK, today)
    await visitor(request)
    return templates.page(
        request,
        "intake/melden_ontvangen.html",
        answers=answers,
        feedback_due=due,
    )


@router.post("/opnieuw")
async def again(request: Request) -> Response:
    """Forget the answers and start anew."""
    await read_form(request)
    response = go(draft.PATH)
    response.delete_cookie(draft.COOKIE, path=draft.PATH)
    return response


@router.get("/{stap}")
async def ask(request: Request, desk: AtDesk, db: Db, step: StepName) -> Response:
    """One question, with the answer that was given before."""
    return await _ask(request, desk, db, step)


@router.post("/{stap}")
async def answer(request: Request, desk: AtDesk, db: Db, step: StepName) -> Response:
    """Keep the answer and go on to the next question, or back to the check."""
    form = await read_form(request)
    answers = draft.opened(request, desk)
    if "nummer" in answers:
        answers = draft.fresh()
    typed = {name: form.text(name) for name in BY_NAME[step].fields}
    try:
        await _require(step, typed, desk, db)
        kept = {name: value for name, value in {**answers, **typed}.items() if value}
        response = go(_next(step, kept, "naar" in request.query_params))
        draft.keep(response, kept, desk, request.app.state.settings)
    except Invalid as refusal:
        refused = form.refused(refusal, FIELD_NAMES)
        return await _ask(request, desk, db, step, refused, refusal.status)
    return response


def _next(step: str, answers: Mapping[str, str], checking: bool) -> str:
    names = [each.name for each in STEPS]
    following = names[names.index(step) + 1 :]
    if not following or (checking and not _first_missing(answers)):
        return f"{draft.PATH}/controleren"
    return f"{draft.PATH}/{following[0]}"


def _first_missing(answers: Mapping[str, str]) -> str:
    """The first question that cannot be left open."""
    if not answers.get("categorie"):
        return "wat"
    if not _placed(answers):
        return "waar"
    return "" if answers.get("omschrijving") else "verhaal"


def _placed(answers: Mapping[str, str]) -> bool:
    return any(answers.get(name) for name in PLACE)


async def _require(step: str, typed: Mapping[str, str], desk: Desk, db: Database) -> None:
    """What a page asks for. Raises Invalid."""
    if step == "wat":
        known = {entry.code for entry in await _categories(desk, db)}
        if typed["categorie"] not in known:
            raise invalid("categorie", "verplicht", "Kies wat u merkt.")
    elif step == "waar":
        _require_place(typed)
    elif step == "verhaal":
        _require_story(typed, db)
    elif step == "contact":
        _checked({**_EXAMPLE, **typed})
        if typed["bellen"] and not typed["telefoon"]:
            raise invalid(
                "telefoon", "verplicht", "Vul uw telefoonnummer in als wij u mogen bellen."
            )


_EXAMPLE = {"categorie": "overig", "omschrijving": "-", "plaatsomschrijving": "-"}


def _require_place(typed: Mapping[str, str]) -> None:
    if not _placed(typed):
        raise invalid(
            "postcode", "verplicht", "Vul een adres in, wijs de plaats aan of beschrijf de plaats."
        )
    _checked({**typed, "categorie": "overig", "omschrijving": "-"})


def _require_story(typed: Mapping[str, str], db: Database) -> None:
    if not typed["omschrijving"]:
        raise invalid("omschrijving", "verplicht", "Schrijf op wat u merkt.")
    if len(typed["omschrijving"]) > MAX_TEXT:
        raise invalid("omschrijving", "te-lang", f"Schrijf ten hoogste {MAX_TEXT} tekens.")
    if typed["wanneer"] != "eerder":
        return
    try:
        date.fromisoformat(typed["datum"])
    except ValueError:
        raise invalid("datum", "datum", "Vul de dag in waarop u het merkte.") from None
    require_past(_occurred(typed) or db.clock.now(), db.clock.now())


def _occurred(answers: Mapping[str, str]) -> datetime | None:
    if answers.get("wanneer") != "eerder":
        return None
    return moment_in(answers.get("datum", ""), answers.get("tijd", ""))


def _checked(answers: Mapping[str, str]) -> ComplaintIn:
    occurred = _occurred(answers)
    return checked(ComplaintIn, payload(answers, channel="webformulier", occurred=occurred))


async def _categories(desk: Desk, db: Database) -> list[Entry]:
    async with db.read() as rows:
        reference = await desk.reference.get(rows)
    return reference.categories_on(local_date(db.clock.now()))


async def _sent(answers: Mapping[str, str], desk: Desk, db: Database) -> str:
    command = replace(_checked(answers).command(None), wants_feedback=True)
    receipt = await receive_once(command, answers["sleutel"], "publiek", desk, db)
    return receipt.number


async def _ask(
    request: Request,
    desk: Desk,
    db: Database,
    step: str,
    form: Form | None = None,
    status: int = 200,
) -> Response:
    await visitor(request)
    answers = draft.opened(request, desk)
    names = [each.name for each in STEPS]
    number = names.index(step)
    checking = "naar" in request.query_params
    return templates.page(
        request,
        f"intake/melden_{step}.html",
        status_code=status,
        form=(form or Form()).filled({} if "nummer" in answers else answers),
        action=f"{draft.PATH}/{step}" + ("?naar=controleren" if checking else ""),
        step=number + 1,
        total=len(STEPS),
        back_href=f"{draft.PATH}/{names[number - 1]}" if number else "",
        categories=await _categories(desk, db),
        today=local_date(db.clock.now()),
        max_text=MAX_TEXT,
    )


async def _check(
    request: Request,
    desk: Desk,
    db: Database,
    answers: Mapping[str, str],
    form: Form,
    status: int = 200,
) -> Response:
    await visitor(request)
    chosen = {entry.code: entry for entry in await _categories(desk, db)}.get(answers["categorie"])
    return templates.page(
        request,
        "intake/melden_controleren.html",
        status_code=status,
        form=form,
        rows=_rows(answers, chosen.name if chosen else answers["categorie"]),
        referral=chosen.referral if chosen else None,
        answers=answers,
    )


def _rows(answers: Mapping[str, str], category: str) -> list[dict[str, Any]]:
    """The answers as people gave them, each with the way back to its question."""
    occurred = _occurred(answers)
    who = [answers.get(name) for name in ("naam", "telefoon", "email")]
    told = [
        ("Wat merkt u?", category, "wat"),
        ("Waar merkt u het?", _place_text(answers), "waar"),
        ("Waar komt het vandaan?", answers.get("bron") or "Dat weet ik niet", "bron"),
        ("Wat is er aan de hand?", answers["omschrijving"], "verhaal"),
        ("Wanneer?", tijdstip(occurred) if occurred else "Nu", "verhaal"),
        ("Hoe bereiken wij u?", ", ".join(filter(None, who)) or "Ik meld anoniem", "contact"),
    ]
    return [
        {"label": label, "value": value, "href": f"{draft.PATH}/{step}?naar=controleren"}
        for label, value, step in told
    ]


def _place_text(answers: Mapping[str, str]) -> str:
    street = " ".join(filter(None, (answers.get("straat"), answers.get("huisnummer"))))
    town = " ".join(filter(None, (answers.get("postcode"), answers.get("plaats"))))
    pointed = "aangewezen op de kaart" if answers.get("lat") else ""
    parts = (street, town, answers.get("plaatsomschrijving"), pointed)
    return ", ".join(part for part in parts if part)
