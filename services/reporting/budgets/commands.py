"""Budgets of a participant and a year; a change is a next number, adopted by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from services.reporting.budgets import domain, queries, store
from services.reporting.budgets.domain import PlannedProduct
from services.reporting.budgets.queries import BudgetDetail
from services.reporting.context import Ctx
from services.reporting.periods import locks
from services.reporting.prices.domain import require_second_person
from shared.errors import NotAllowed, NotFound
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ProposeBudget:
    """A budget, or a change of it: the whole of it again."""

    participant: str
    year: int
    advance: Decimal
    reference: str
    lines: Sequence[PlannedProduct]


@dataclass(frozen=True, slots=True)
class AdoptBudget:
    """Put a proposed budget in force."""

    budget_id: UUID
    version: int
    # Of one that was adopted in another system: by whom.
    adopted_by: str | None = None


async def propose(command: ProposeBudget, ctx: Ctx) -> BudgetDetail:
    """Raises Forbidden, NotFound, Conflict, NotAllowed."""
    ctx.require(Scope.BUDGETS_MANAGE)
    ctx.require_participant(command.participant)
    participant, year, work = command.participant, command.year, ctx.work
    if not await store.lock_participant(work, participant):
        raise NotFound(f"Deelnemer {participant} bestaat niet.")
    await _require_unsettled(participant, year, ctx)
    plannable = await store.plannable(work, [line.product for line in command.lines])
    domain.check_lines(command.lines, plannable)
    budget_id = new_id()
    row = {
        "id": budget_id,
        "participant": participant,
        "year": year,
        "number": await store.last_number(work, participant, year) + 1,
        "advance": command.advance,
        "decision_reference": command.reference,
        "confirmed": False,
        "proposed_by": work.actor,
        "proposed_at": ctx.now,
    }
    store.add(work, row, command.lines)
    await work.flush()
    return await queries.detail(work, budget_id)


async def adopt(command: AdoptBudget, ctx: Ctx) -> BudgetDetail:
    """Raises Forbidden, NotFound, VersionConflict, NotAllowed."""
    ctx.require(Scope.BUDGETS_MANAGE)
    row = await store.lock(ctx.work, command.budget_id, command.version)
    ctx.require_participant(row.participant)
    if row.activated_at is not None:
        raise NotAllowed("Deze begroting is al vastgesteld", article="vierogenprincipe")
    adopter = ctx.work.actor
    if ctx.source is not None and command.adopted_by is not None:
        adopter = command.adopted_by
    require_second_person(row.proposed_by, adopter)
    await _require_unsettled(row.participant, row.year, ctx)
    store.activate(ctx.work, row, adopter)
    await ctx.work.flush()
    return await queries.detail(ctx.work, row.id)


async def _require_unsettled(participant: str, year: int, ctx: Ctx) -> None:
    """A settlement of the year that is being adopted is waited for: it read the budgets."""
    await locks.share_year(ctx.work, year)
    settled = await store.is_settled(ctx.work, participant, year)
    domain.require_unsettled(year, settled=settled)
