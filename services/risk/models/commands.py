"""The use cases of risk models: propose one, and let another person activate it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.risk.context import Ctx
from services.risk.models import store
from services.risk.models.domain import STATES, Model, ModelState, flaws, require_other_person
from services.risk.models.store import NewModel
from shared.errors import Conflict, unknown
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ProposeModel:
    """A version of the model, with everything that policy decides."""

    model_version: str
    description: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ActivateModel:
    """The decision that a proposed model is to score."""

    model_id: UUID
    version: int
    decision_reference: str


async def propose(command: ProposeModel, ctx: Ctx) -> UUID:
    """Propose a model; it scores nothing until somebody else activates it. Raises Conflict."""
    ctx.require(Scope.RISK_MODELS_MANAGE)
    ctx.require_agency()
    wrong = list(flaws(Model.of(command.model_version, command.parameters)))
    if wrong:
        raise unknown("parameters", f"Dit is geen volledig model: {'; '.join(wrong)}.")
    if await ctx.rows.first(store.SAME_VERSION, model_version=command.model_version):
        raise Conflict(f"Er is al een risicomodel met de versie '{command.model_version}'.")
    model_id = new_id()
    proposed = NewModel(
        model_id, command.model_version, command.description, command.parameters, ctx.caller.subject
    )
    store.add(ctx.work, proposed)
    return model_id


async def activate(command: ActivateModel, ctx: Ctx) -> UUID:
    """Decide that a model is to score: it scores all locations first. Raises NotAllowed."""
    ctx.require(Scope.RISK_MODELS_MANAGE)
    ctx.require_agency()
    model = await store.lock(ctx.work, command.model_id, version=command.version)
    STATES.require(model.state, ModelState.PREPARING)
    require_other_person(model.author, ctx.caller.subject)
    if len(await store.in_use(ctx.rows)) > 1:
        raise Conflict("Een ander risicomodel wordt al doorgerekend; wacht tot het geldt.")
    store.decide(ctx.work, model, ctx.caller.subject, command.decision_reference)
    return model.id
