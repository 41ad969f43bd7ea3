"""Risk models: what scores now, what scored before, and a proposal waiting for a second person."""

from copy import deepcopy
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import ValidationError
from starlette.responses import Response

from services.risk.models import commands, queries
from services.risk.models.domain import ModelState, Theme
from services.risk.models.schemas import ActivationIn, ModelIn
from services.risk.presentation import Modeller, Viewer, templates
from shared.auth.caller import Caller
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Invalid, Refused
from shared.http.dependencies import Db, Reading
from shared.http.paging import Page
from shared.http.problems import invalid_params
from shared.product.glossary import wire_name
from shared.product.roles import Scope
from shared.ui.forms import Form, read_form
from shared.ui.idempotency import Sent, once

router = APIRouter()
# The figures that a variant may change, by their place in the parameters; the rest is copied.
VARIANT: Final[dict[str, tuple[str, ...]]] = {
    "gewicht-effect": ("weights", "effect"),
    "gewicht-naleefgedrag": ("weights", "compliance"),
    "gewicht-tijd": ("weights", "time"),
    "gewicht-klachten": ("weights", "complaints"),
    "klasse-hoog": ("classes", "high"),
    "klasse-midden": ("classes", "medium"),
    "termijn-hoog": ("time", "target_months", "high"),
    "termijn-midden": ("time", "target_months", "medium"),
    "termijn-laag": ("time", "target_months", "low"),
    "uren-hoog": ("hours", "high"),
    "uren-midden": ("hours", "medium"),
    "uren-laag": ("hours", "low"),
    "drempel-klachten": ("complaints", "trigger_count"),
    "drempel-maanden": ("complaints", "trigger_months"),
}
FIELD_OF: Final = {
    "parameters": "gewicht-effect",
    **{".".join(("parameters", *path)): name for name, path in VARIANT.items()},
    **{".".join(map(wire_name, ("parameters", *path))): name for name, path in VARIANT.items()},
}


@router.get("/risicomodellen")
async def models(request: Request, caller: Viewer, rows: Reading, page: Page) -> Response:
    """All versions, newest first."""
    found, next_key = await queries.models(rows, page)
    return templates.page(
        request,
        "risk/risicomodellen.html",
        models=found,
        may_propose=caller.may(Scope.RISK_MODELS_MANAGE),
        next_href=page.next_url(next_key) if next_key else "",
    )


@router.get("/risicomodellen/nieuw")
async def variant(request: Request, caller: Modeller, rows: Reading) -> Response:
    """A form with the figures of the model that scores now."""
    active = await rows.one(queries.ACTIVE, "Een actief risicomodel")
    return templates.page(
        request,
        "risk/risicomodel_formulier.html",
        form=Form(fields=_shown(active["parameters"])),
        active=active,
    )


@router.post("/risicomodellen/nieuw")
async def propose(request: Request, caller: Modeller, db: Db) -> Response:
    """Propose the variant; it scores nothing until somebody else activates it."""
    form = await read_form(request)
    async with db.read() as rows:
        active = await rows.one(queries.ACTIVE, "Een actief risicomodel")

    async def act(work: UnitOfWork) -> str:
        body = _variant(form, active["parameters"])
        model_id = await commands.propose_model(
            body.model_version, body.description, body.parameters.stored(), caller, work
        )
        return f"/risk/risicomodellen/{model_id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        return templates.page(
            request,
            "risk/risicomodel_formulier.html",
            status_code=refusal.status,
            form=form.refused(refusal, FIELD_OF),
            active=active,
        )


@router.get("/risicomodellen/{model_id}")
async def model(request: Request, caller: Viewer, db: Db, model_id: UUID) -> Response:
    """One version with all its parameters."""
    return await _page(request, caller, db, model_id, Form())


@router.post("/risicomodellen/{model_id}")
async def activate(request: Request, caller: Modeller, db: Db, model_id: UUID) -> Response:
    """Activate a proposal of somebody else."""
    form = await read_form(request)
    version = form.text("versie")

    async def act(work: UnitOfWork) -> str:
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        await commands.activate_model(model_id, seen, _decision(form), caller, work)
        return f"/risk/risicomodellen/{model_id}"

    try:
        return await once(Sent(request, form, caller.subject, db), act)
    except Refused as refusal:
        refused = form.refused(refusal)
        return await _page(request, caller, db, model_id, refused, refusal.status)


async def _page(
    request: Request, caller: Caller, db: Database, model_id: UUID, form: Form, status: int = 200
) -> Response:
    async with db.read() as rows:
        row = await rows.one(queries.MODEL, "Dit risicomodel", id=model_id)
    waiting = row["state"] == ModelState.CONCEPT and caller.may(Scope.RISK_MODELS_MANAGE)
    return templates.page(
        request,
        "risk/risicomodel.html",
        status_code=status,
        form=form,
        model=row,
        parameters=row["parameters"],
        themes=list(map(str, Theme)),
        waiting=waiting,
        own=row["author"] == caller.subject,
    )


def _decision(form: Form) -> str:
    try:
        return ActivationIn(decision_reference=form.text("besluitkenmerk")).decision_reference
    except ValidationError as error:
        params = tuple(invalid_params(error.errors()))
        raise Invalid("Vul het besluit in.", params=params) from None


def _shown(parameters: dict[str, Any]) -> dict[str, str]:
    return {name: str(_at(parameters, path)).replace(".", ",") for name, path in VARIANT.items()}


def _at(parameters: dict[str, Any], path: tuple[str, ...]) -> Any:
    for name in path:
        parameters = parameters[name]
    return parameters


def _variant(form: Form, parameters: dict[str, Any]) -> ModelIn:
    """The active parameters with the figures of the form, by the rules of the API."""
    changed = deepcopy(parameters)
    for name, path in VARIANT.items():
        _at(changed, path[:-1])[path[-1]] = _figure(form.text(name), weight=path[0] == "weights")
    body = {
        "model_version": form.text("modelversie"),
        "description": form.text("omschrijving"),
        "parameters": changed,
    }
    try:
        return ModelIn.model_validate(body)
    except ValidationError as error:
        params = tuple(invalid_params(error.errors()))
        raise Invalid("Controleer wat u hebt ingevuld.", params=params) from None


def _figure(typed: str, *, weight: bool) -> str | float | None:
    """A number as the API takes it: weights as text with two decimals."""
    try:
        number = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return f"{number:.2f}" if weight else float(number)
