"""The public form: one question per page, without account, and it works without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path
from starlette.responses import Response

from services.intake.complaints.commands import receiving
from services.intake.complaints.domain.complaint import Channel, require_past
from services.intake.complaints.schemas import ComplaintIn
from services.intake.complaints.screens.phone_intake import with_moment
from services.intake.context import Ctx, PageCtx, PublicReading, PublicWriting, ReadCtx, Sent
from services.intake.presentation import WORDS, beside, templates
from services.intake.public import draft
from services.intake.reference.domain.terms import ClockKind
from shared.addresses import address_line, normal_postcode
from shared.contracts.intake import Urgency
from shared.errors import Invalid, Refused, TooMany, invalid
from shared.http.rate_limit import address_of
from shared.ui.formats import tijdstip
from shared.ui.forms import Form
from shared.ui.idempotency import go
from shared.ui.typed import instant

router = APIRouter(prefix="/melden")


@dataclass(frozen=True, slots=True)
class Question:
    """One page: the fields that it asks."""

    name: str
    fields: tuple[str, ...]


PLACE: Final = ("straat", "postcode", "plaatsomschrijving", "lat")
QUESTIONS: Final = (
    Question("wat", ("categorie",)),
    Question(
        "waar", ("straat", "huisnummer", "postcode", "plaats", "plaatsomschrijving", "lat", "lon")
    ),
    Question("bron", ("bron",)),
    Question("verhaal", ("omschrijving", "wanneer", "datum", "tijd")),
    Question("contact", ("naam", "telefoon", "email", "bellen")),
)
FIELDS_OF: Final = {question.name: question.fields for question in QUESTIONS}
NAMES: Final = tuple(FIELDS_OF)
QuestionName = Annotated[str, Path(alias="stap", pattern="^(wat|waar|bron|verhaal|contact)$")]
MAX_TEXT: Final = 1500
# What is not asked yet, so that one page can be read by the schema of the whole.
_EXAMPLE: Final = {"categorie": "overig", "omschrijving": "-", "plaatsomschrijving": "-"}


@router.get("")
async def start(ctx: PublicReading) -> Response:
    """The first question; answers of earlier today are still there."""
    return await _ask(ctx, Form(), 200, name="wat")


@router.get("/controleren")
async def check(ctx: PublicReading) -> Response:
    """Everything once more, before it is sent."""
    answers = draft.opened(ctx.request, ctx.kit)
    if missing := _first_missing(answers):
        return go(f"{draft.PATH}/{missing}")
    return await _check(ctx, Form(key=answers["sleutel"]), 200, answers=answers)


@router.post("/controleren")
async def send(sent: PublicWriting) -> Response:
    """Send it; a second click gives the same number."""
    answers = draft.opened(sent.request, sent.kit)
    if missing := _first_missing(answers):
        return go(f"{draft.PATH}/{missing}")
    # Key and answers come from what was kept: sending from a second tab is no second report.
    kept = replace(sent, form=Form(fields=answers, key=answers["sleutel"]))
    page = partial(_check, answers=answers)
    try:
        await kept.kit.public_limit.take(sent.request.app.state.counts, address_of(sent.request))
    except TooMany as refusal:
        later = await kept.show(page, kept.form.refused(refusal), refusal.status)
        later.headers.update(refusal.headers)
        return later
    response = await kept.submit(_report, otherwise=page)
    address, _, number = response.headers.get("location", "").partition("?nummer=")
    if not number:
        return response
    done = go(address)
    told = {
        "sleutel": answers["sleutel"],
        "nummer": number,
        "bereikbaar": "ja" if answers.get("email") or answers.get("telefoon") else "",
        "bericht": "ja" if answers.get("email") else "",
    }
    draft.keep(done, told, sent.kit, sent.request.app.state.settings)
    return done


async def _report(form: Form, ctx: Ctx) -> str:
    taken = await receiving.report(_read(form.given()).command(), ctx)
    return f"{draft.PATH}/ontvangen?nummer={taken.number}"


@router.get("/ontvangen")
async def received(ctx: PublicReading) -> Response:
    """The number, and what happens next."""
    answers = draft.opened(ctx.request, ctx.kit)
    if "nummer" not in answers:
        return go(draft.PATH)
    reference = await ctx.kit.reference.get(ctx.rows)
    terms = reference.terms_on(ctx.today)
    return templates.page(
        ctx.request,
        "intake/melden_ontvangen.html",
        answers=answers,
        feedback_due=terms.due(Urgency.NORMAL, ClockKind.FEEDBACK, ctx.today),
    )


@router.post("/opnieuw")
async def again(_: PublicWriting) -> Response:
    """Forget the answers and start anew."""
    response = go(draft.PATH)
    response.delete_cookie(draft.COOKIE, path=draft.PATH)
    return response


@router.get("/{stap}")
async def ask(ctx: PublicReading, name: QuestionName) -> Response:
    """One question, with the answer that was given before."""
    return await _ask(ctx, Form(), 200, name=name)


@router.post("/{stap}")
async def answer(sent: PublicWriting, name: QuestionName) -> Response:
    """Keep the answer and go on to the next question, or back to the check."""
    answers = draft.opened(sent.request, sent.kit)
    if "nummer" in answers:
        answers = draft.fresh()
    typed = {field: sent.form.text(field) for field in FIELDS_OF[name]}
    try:
        await _require(name, typed, sent)
        kept = {field: value for field, value in {**answers, **typed}.items() if value}
        response = go(_next(name, kept, "naar" in sent.request.query_params))
        draft.keep(response, kept, sent.kit, sent.request.app.state.settings)
    except Invalid as refusal:
        page = partial(_ask, name=name)
        return await sent.show(page, sent.form.refused(refusal), refusal.status)
    return response


def _next(name: str, answers: Mapping[str, str], checking: bool) -> str:
    following = NAMES[NAMES.index(name) + 1 :]
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


async def _require(name: str, typed: Mapping[str, str], sent: Sent) -> None:
    """What a page asks for. Raises Invalid."""
    async with sent.reading() as ctx:
        if name == "wat":
            reference = await ctx.kit.reference.get(ctx.rows)
            if typed["categorie"] not in {e.code for e in reference.categories_on(ctx.today)}:
                raise invalid("category", "verplicht", "Kies wat u merkt.")
        elif name == "waar":
            _require_place(typed)
        elif name == "verhaal":
            _require_story(typed, ctx)
        elif name == "contact":
            _require_contact(typed)


def _require_place(typed: Mapping[str, str]) -> None:
    if not _placed(typed):
        raise invalid(
            "address.postcode",
            "verplicht",
            "Vul een adres in, wijs de plaats aan of beschrijf de plaats.",
        )
    _read({"categorie": "overig", "omschrijving": "-", **typed})


def _require_story(typed: Mapping[str, str], ctx: ReadCtx) -> None:
    if not typed["omschrijving"]:
        raise invalid("description", "verplicht", "Schrijf op wat u merkt.")
    if len(typed["omschrijving"]) > MAX_TEXT:
        raise invalid("description", "te-lang", f"Schrijf ten hoogste {MAX_TEXT} tekens.")
    if typed["wanneer"] == "eerder":
        if not typed["datum"]:
            raise invalid("occurred_at", "datum", "Vul de dag in waarop u het merkte.")
        # First: the bounds of the wire, which an answer is read by, hold days that are yet to come.
        require_past(_moment(typed) or ctx.now, ctx.now)
        _read({**_EXAMPLE, **typed})


def _moment(typed: Mapping[str, str]) -> datetime | None:
    """When it was noticed; None for what is no moment, of which reading the answer tells."""
    try:
        return datetime.fromisoformat(instant(_with_moment(typed).text("signaaltijdstip")))
    except ValueError:
        return None


def _require_contact(typed: Mapping[str, str]) -> None:
    _read({**_EXAMPLE, **typed})
    if typed["bellen"] and not typed["telefoon"]:
        raise invalid(
            "reporter.phone", "verplicht", "Vul uw telefoonnummer in als wij u mogen bellen."
        )


def _read(answers: Mapping[str, str]) -> ComplaintIn:
    """The complaint in the answers. Raises Invalid."""
    return _with_moment(answers).read(ComplaintIn, WORDS)


def _with_moment(answers: Mapping[str, str]) -> Form:
    form = Form(fields={**answers, "kanaal": str(Channel.WEB)})
    return with_moment(form) if answers.get("wanneer") == "eerder" else form


async def _ask(ctx: PageCtx, form: Form, status: int, *, name: str) -> Response:
    answers = draft.opened(ctx.request, ctx.kit)
    number = NAMES.index(name)
    checking = "naar" in ctx.request.query_params
    reference = await ctx.kit.reference.get(ctx.rows)
    return templates.page(
        ctx.request,
        f"intake/melden_{name}.html",
        status_code=status,
        form=beside(form).filled({} if "nummer" in answers else answers),
        action=f"{draft.PATH}/{name}" + ("?naar=controleren" if checking else ""),
        step=number + 1,
        total=len(NAMES),
        back_href=f"{draft.PATH}/{NAMES[number - 1]}" if number else "",
        categories=reference.categories_on(ctx.today),
        today=ctx.today,
        max_text=MAX_TEXT,
    )


async def _check(ctx: PageCtx, form: Form, status: int, *, answers: Mapping[str, str]) -> Response:
    reference = await ctx.kit.reference.get(ctx.rows)
    categories = {entry.code: entry for entry in reference.categories_on(ctx.today)}
    chosen = categories.get(answers["categorie"])
    return templates.page(
        ctx.request,
        "intake/melden_controleren.html",
        status_code=status,
        form=beside(form),
        rows=_rows(answers, chosen.name if chosen else answers["categorie"]),
        referral=chosen.referral if chosen else None,
        answers=answers,
    )


def _rows(answers: Mapping[str, str], category: str) -> list[dict[str, Any]]:
    """The answers as people gave them, each with the way back to its question."""
    try:
        occurred = _read({**_EXAMPLE, **answers}).occurred_at
    except Refused:
        # It is refused once more when it is sent, with the reason.
        occurred = None
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
        {"label": label, "value": value, "href": f"{draft.PATH}/{name}?naar=controleren"}
        for label, value, name in told
    ]


def _place_text(answers: Mapping[str, str]) -> str:
    postcode = normal_postcode(answers.get("postcode", ""))
    street, number, town = map(answers.get, ("straat", "huisnummer", "plaats"))
    address = address_line(street, number, postcode, town)
    pointed = "aangewezen op de kaart" if answers.get("lat") else ""
    parts = (address, answers.get("plaatsomschrijving"), pointed)
    return ", ".join(part for part in parts if part)
