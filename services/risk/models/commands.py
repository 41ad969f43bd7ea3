"""The use cases of risk models: propose one, and let another person activate it."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from services.risk.locations.tables import location
from services.risk.models import store
from services.risk.models.domain import Model, ModelState, flaws
from services.risk.models.tables import risk_model
from shared.auth.caller import Caller
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict, NotAllowed, unknown
from shared.http.versions import require_version
from shared.ids import new_id
from shared.state_machine import StateMachine

STATES = StateMachine(
    "Een risicomodel",
    {
        (ModelState.CONCEPT, ModelState.ACTIVE): "besluit, door een ander dan de opsteller",
        (ModelState.ACTIVE, ModelState.RETIRED): "een ander model is geactiveerd",
    },
)
SAME_VERSION = select(risk_model.c.id).where(
    risk_model.c.model_version == bindparam("model_version")
)
RETIRE = (
    update(risk_model)
    .where(risk_model.c.state == str(ModelState.ACTIVE))
    .values(
        state=str(ModelState.RETIRED),
        version=risk_model.c.version + 1,
        retired_at=bindparam("now"),
    )
)
SCORE_ALL_ANEW = update(location).where(location.c.active).values(scored_on=None)


async def propose_model(
    model_version: str,
    description: str,
    parameters: dict[str, Any],
    caller: Caller,
    work: UnitOfWork,
) -> UUID:
    """Propose a model; it scores nothing until somebody else activates it. Raises Conflict."""
    found = list(flaws(Model.of(model_version, parameters)))
    if found:
        raise unknown("parameters", f"Dit is geen volledig model: {'; '.join(found)}.")
    if await work.first(SAME_VERSION, model_version=model_version):
        raise Conflict(f"Er is al een risicomodel met de versie '{model_version}'.")
    model_id = new_id()
    work.insert(
        risk_model,
        {
            "id": model_id,
            "version": 1,
            "model_version": model_version,
            "description": description,
            "state": str(ModelState.CONCEPT),
            "parameters": parameters,
            "author": caller.subject,
        },
    )
    return model_id


async def activate_model(
    model_id: UUID, version: int, decision_reference: str, caller: Caller, work: UnitOfWork
) -> None:
    """Activate a proposed model; every location is to be scored with it. Raises NotAllowed."""
    row = await work.one(store.LOCK, "Dit risicomodel", id=model_id)
    require_version(row, version, "Dit risicomodel")
    STATES.require(ModelState(row["state"]), ModelState.ACTIVE)
    _four_eyes(row, caller)
    await work.execute(RETIRE, now=work.now)
    values = {
        "state": str(ModelState.ACTIVE),
        "version": version + 1,
        "confirmed": True,
        "decision_reference": decision_reference,
        "activated_by": caller.subject,
        "activated_at": work.now,
    }
    work.update(risk_model, key={"id": model_id}, values=values)
    await work.execute(SCORE_ALL_ANEW)


def _four_eyes(row: Row, caller: Caller) -> None:
    if row["author"] == caller.subject:
        raise NotAllowed("De opsteller mag het model niet zelf activeren", article="vier ogen")
