"""The person behind a complaint is forgotten; the complaint itself stays."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.intake.complaints import store
from services.intake.context import Ctx
from services.intake.reporters import commands as reporters
from services.intake.reporters.domain import Purpose
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class EraseReporter:
    """Whose data must go, and why."""

    complaint_id: UUID
    version: int | None
    purpose: Purpose


async def erase(command: EraseReporter, ctx: Ctx) -> None:
    """Destroy the key of the person, and promise nothing to them any more. Raises Refused."""
    ctx.require(Scope.REPORTERS_READ)
    ctx.require(Scope.COMPLAINTS_WRITE)
    found = await store.lock(ctx.work, command.complaint_id, ctx.sight, version=command.version)
    reporters.destroy(found.id, command.purpose, ctx.work)
    erased = replace(
        found, version=found.version + 1, reachable_by_mail=False, wants_feedback=False
    )
    store.save(ctx.work, erased, wants_call=False)
