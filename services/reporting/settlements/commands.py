"""Settling a year: a trial that anybody can repeat, and its adoption by a second person."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from services.reporting.context import Ctx
from services.reporting.figures import SETTLEMENTS
from services.reporting.periods import locks
from services.reporting.prices.domain import require_second_person
from services.reporting.prices.pricing import span
from services.reporting.settlements import queries, store
from services.reporting.settlements.domain import run as runs
from services.reporting.settlements.domain import settlement as rules
from services.reporting.settlements.domain.settlement import Inputs, SettlementState
from services.reporting.settlements.inputs import run_inputs
from services.reporting.settlements.queries import RunDetail
from services.reporting.settlements.store import LockedSettlement, NewRun
from shared.contracts.reporting import SettlementAdopted
from shared.errors import NotAllowed
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class TryRun:
    """A trial for a year, with the result to be shared (nil when unknown)."""

    year: int
    result: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class AdoptRun:
    """Freeze a trial, on a decision."""

    run_id: UUID
    version: int
    reference: str


async def try_out(command: TryRun, ctx: Ctx) -> RunDetail:
    """Calculate the year of all participants and keep it as a trial.

    Raises Forbidden, NotAllowed.
    """
    _require_adopter(ctx)
    await _require_open(command.year, ctx)
    inputs = await run_inputs(ctx.rows, command.year, ctx.today, command.result)
    if not inputs.participants:
        raise NotAllowed(
            f"Er is nog geen vastgestelde begroting van {command.year}", article="begroting"
        )
    run = NewRun(
        id=new_id(),
        year=inputs.year,
        result_amount=inputs.result.amount,
        collective_minutes=inputs.collective_minutes,
        missing=list(inputs.missing),
        versions_hash=inputs.versions_hash,
        input_hash=inputs.input_hash,
        proposed_by=ctx.work.actor,
        proposed_at=ctx.now,
    )
    store.add(ctx.work, run, [_row(each, run) for each in inputs.participants])
    ctx.work.count(SETTLEMENTS.of("proef"), len(inputs.participants))
    await ctx.work.flush()
    return await queries.detail(ctx.rows, run.id)


async def adopt(command: AdoptRun, ctx: Ctx) -> RunDetail:
    """Freeze a trial whose figures still hold, and settle its hours.

    Raises Forbidden, NotFound, VersionConflict, NotAllowed.
    """
    _require_adopter(ctx)
    run = await store.lock_run(ctx.work, command.run_id, command.version)
    rules.TRANSITIONS.require(run.state, SettlementState.ADOPTED)
    require_second_person(run.proposed_by, ctx.work.actor)
    runs.require_not_inherited(inherited=run.inherited)
    await _require_open(run.year, ctx)
    await _require_closed(run.year, ctx)
    inputs = await run_inputs(ctx.rows, run.year, ctx.today, run.result_amount)
    rules.require_same_input(inputs.input_hash, run.input_hash)
    runs.require_complete(inputs.missing, run.year)
    parts = await store.lock_settlements(ctx.work, run.id)
    await store.settle_hours(ctx.work, run.id, **span(run.year))
    decision = {
        "adopted_by": ctx.work.actor,
        "adopted_on": ctx.today,
        "decision_reference": command.reference,
    }
    store.adopt(ctx.work, run, parts, decision)
    for part in parts:
        ctx.work.publish(_event(part, run.year, ctx.today))
    await ctx.work.flush()
    return await queries.detail(ctx.rows, run.id)


def _require_adopter(ctx: Ctx) -> None:
    ctx.require(Scope.SETTLEMENTS_ADOPT)
    ctx.require_agency()


async def _require_open(year: int, ctx: Ctx) -> None:
    if await store.is_settled(ctx.rows, year):
        raise NotAllowed(
            f"De afrekening van {year} is al vastgesteld; correcties komen in een later jaar",
            article="jaarafsluiting",
        )


async def _require_closed(year: int, ctx: Ctx) -> None:
    until = await locks.closed_until(ctx.rows)
    open_months = [month for month in range(1, 13) if until is None or date(year, month, 1) > until]
    rules.require_closed_year(year, ctx.today, open_months)


def _row(inputs: Inputs, run: NewRun) -> dict[str, Any]:
    outcome = rules.settle(inputs)
    return {
        "id": new_id(),
        "run_id": run.id,
        "participant": inputs.participant,
        "year": inputs.year,
        "state": run.state,
        "minutes": outcome.minutes,
        "owed": outcome.owed,
        "advance": inputs.advance,
        "balance": outcome.balance,
        "result_share": outcome.result_share,
        "to_pay": outcome.to_pay,
        "result_amount": inputs.result.amount,
        "input_hash": rules.input_hash(inputs),
        "versions_hash": run.versions_hash,
        "collective_minutes": inputs.collective_minutes,
        "snapshot": rules.snapshot(inputs),
        "proposed_by": run.proposed_by,
        "proposed_at": run.proposed_at,
    }


def _event(part: LockedSettlement, year: int, adopted_on: date) -> SettlementAdopted:
    return SettlementAdopted(
        version=part.version + 1,
        participant=part.participant,
        settlement_id=part.id,
        year=year,
        minutes=part.minutes,
        owed=part.owed,
        advance=part.advance,
        balance=part.balance,
        adopted_on=adopted_on,
    )
