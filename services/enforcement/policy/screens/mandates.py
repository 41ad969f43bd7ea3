"""The mandate register on screen: who decides in the name of whom, up to what, and since when."""

from datetime import date
from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from services.enforcement.measures.domain.measure import ARTICLES
from services.enforcement.policy import commands as handlers
from services.enforcement.policy import queries as views
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.schemas import MandateIn
from services.enforcement.policy.store import MANDATE
from services.enforcement.rendering import (
    CaseViewer,
    Identity,
    Manager,
    amount_in,
    checked,
    filled,
    known,
    participants_of,
    templates,
)
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.enforcement import Instrument
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page
from shared.product.roles import Role, Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once
from shared.ui.links import with_query

router = APIRouter()
ROOT: Final = "/enforcement/mandaten"
POWERS: Final = [(str(each), str(each).capitalize()) for each in Instrument]
FUNCTIONS: Final = [
    (str(each), str(each).capitalize())
    for each in Role
    if each not in {Role.PARTICIPANT, Role.SYSTEM, Role.ADMINISTRATOR}
]


def _standing(found: Mandate, today: date) -> tuple[str, str]:
    """In a word whether it holds, with its tone."""
    if found.exclusion:
        return "Uitgesloten", "bad"
    if found.valid_on(today):
        return "Geldt", "good"
    return ("Geldt nog niet", "info") if found.valid_from > today else ("Verlopen", "neutral")


@router.get("/mandaten")
async def listed(
    request: Request, caller: CaseViewer, rows: Reading, db: Db, page: Page
) -> Response:
    """The register, by participant and power."""
    asked = {name: request.query_params.get(name, "")[:60] for name in ("deelnemer", "bevoegdheid")}
    participants = participants_of(caller)
    found, next_key = await views.mandates(
        rows,
        caller.participant_filter,
        page,
        participant=known(asked["deelnemer"], dict(participants)),
        power=known(asked["bevoegdheid"], dict(POWERS)),
    )
    today = local_date(db.clock.now())
    return templates.page(
        request,
        "enforcement/mandaten.html",
        mandates=[(row, _standing(MANDATE.of(row), today)) for row in found],
        chosen=asked,
        participants=participants,
        powers=POWERS,
        may_register=caller.may(Scope.MANDATES_MANAGE),
        next_href=page.next_url(next_key) if next_key else "",
        first_href=with_query(request, cursor=None) if page.after else "",
    )


@router.get("/mandaten/nieuw")
async def new(request: Request, caller: Manager, db: Db) -> Response:
    """An empty form, from today."""
    start = {"geldigVanaf": local_date(db.clock.now()).isoformat()}
    return _form(request, caller, Form(start))


@router.post("/mandaten/nieuw")
async def register(request: Request, caller: Manager, db: Db) -> Response:
    """Add it to the register, and show it."""
    form = await read_form(request)

    async def act(work: UnitOfWork) -> str:
        registered = await handlers.register_mandate(_body(form).mandate(), caller, work)
        return f"{ROOT}/{registered.id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refused:
        return _form(request, caller, form.refused(refused), refused.status)


def _body(form: Form) -> MandateIn:
    names = ("deelnemer", "orgaan", "functie", "bevoegdheid", "artikel")
    optional = ("uitsluiting", "bron", "geldigVanaf", "geldigTot")
    values: dict[str, Any] = {name: form.text(name) for name in names}
    values |= filled(**{name: form.text(name) for name in optional})
    values |= filled(maximum=amount_in(form.text("maximum")))
    values |= {name: form.text(name) == "ja" for name in ("overlegplicht", "ondermandaat")}
    return checked(MandateIn, values)


def _form(request: Request, caller: Caller, form: Form, status: int = 200) -> Response:
    return templates.page(
        request,
        "enforcement/mandaat_formulier.html",
        status_code=status,
        form=form,
        participants=participants_of(caller),
        powers=POWERS,
        functions=FUNCTIONS,
        articles=sorted(set(ARTICLES.values())),
    )


@router.get("/mandaten/{id}")
async def one(
    request: Request, caller: CaseViewer, rows: Reading, db: Db, identity: Identity
) -> Response:
    """One row of the register."""
    row = await views.mandate_row(rows, identity, caller.participant_filter)
    return templates.page(
        request,
        "enforcement/mandaat.html",
        mandate=row,
        standing=_standing(MANDATE.of(row), local_date(db.clock.now())),
    )
