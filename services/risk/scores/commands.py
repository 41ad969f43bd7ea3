"""Scores many locations at once: facts in a few reads, rules in memory, results in one write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from time import perf_counter
from typing import Final, NamedTuple
from uuid import UUID

from services.risk.context import Ctx
from services.risk.figures import SCORES, SCORING
from services.risk.locations import facts as evidence
from services.risk.locations.domain.facts import TWO_YEARS, Facts
from services.risk.locations.store import LockedLocation, lock_all
from services.risk.models import store as models
from services.risk.models.domain import STATES, ModelState
from services.risk.models.store import ScoringModel
from services.risk.scores import store
from services.risk.scores.domain.scoring import Score, score
from services.risk.scores.store import PresentScore
from shared.clock import AMSTERDAM
from shared.contracts.risk import RiskScored

BATCH: Final = 2000


class Cause(NamedTuple):
    """Why a score is made; `tells` keeps the explanation even when the score stayed the same."""

    text: str
    event_id: UUID | None = None
    tells: bool = False


@dataclass(frozen=True, slots=True)
class Rescore:
    """Score these locations anew; `all_told` publishes each score, also one that stayed."""

    causes: Mapping[UUID, Cause]
    all_told: bool = False


async def rescore(command: Rescore, ctx: Ctx) -> None:
    """Score by every model in use; tell the world of each score of the active one that changed."""
    began = perf_counter()
    await ctx.work.flush()
    locations = await lock_all(ctx.work, command.causes)
    if not locations:
        return
    active, *preparing = await models.in_use(ctx.rows)
    facts = await _facts(locations, (active, *preparing), ctx)
    before = await store.present(ctx.rows, [active.id], [each.id for each in locations])
    for each in locations:
        known = facts[each.id]
        for model in preparing:
            store.keep(ctx.work, model.id, each, score(model.model, known, ctx.today))
        result = score(active.model, known, ctx.today)
        store.keep(ctx.work, active.id, each, result)
        changed = command.all_told or _differs(before.get((active.id, each.id)), result)
        _follow(each, known, result, command.causes[each.id], ctx, changed=changed)
    ctx.work.count(SCORES.of(), len(locations))
    ctx.work.measure(SCORING, perf_counter() - began)


async def _facts(
    locations: Sequence[LockedLocation], scoring: Sequence[ScoringModel], ctx: Ctx
) -> dict[UUID, Facts]:
    months = max(TWO_YEARS, *(each.model.complaints.trigger_months for each in scoring))
    return await evidence.facts_of(ctx.rows, locations, ctx.today, months)


def _differs(before: PresentScore | None, result: Score) -> bool:
    return before is None or (before.score, before.risk_class) != (result.total, result.risk_class)


def _follow(
    each: LockedLocation, facts: Facts, result: Score, cause: Cause, ctx: Ctx, *, changed: bool
) -> None:
    """What else is kept and told of a new score."""
    last = facts.last_inspection
    inspected_on: date | None = last.on if last else None
    version = each.score_version + changed
    if changed or inspected_on != each.last_inspection:
        store.note_scored(ctx.work, each.id, version, inspected_on)
    if changed or cause.tells:
        store.remember(ctx.work, each.id, result, cause.text, cause.event_id)
    if changed:
        ctx.work.publish(
            RiskScored(
                version=version,
                participant=each.participant,
                location_id=each.id,
                score=result.total,
                risk_class=result.risk_class,
                model_version=result.model_version,
                scored_at=ctx.now,
            )
        )


# By the clock


@dataclass(frozen=True, slots=True)
class RescoreDue:
    """A turn of scoring that nobody's event asked for, of so many locations."""

    size: int = BATCH


async def rescore_due(command: RescoreDue, ctx: Ctx) -> bool:
    """Take one batch of what is due: a model that is to be active, one that became so, old scores.

    Gives whether more is due, so that the next turn comes at once.
    """
    active, *preparing = await models.in_use(ctx.rows)
    if preparing:
        await _prepare(active, preparing[0], command.size, ctx)
        return True
    if not active.told:
        await _tell(active, command.size, ctx)
        return True
    since = datetime.combine(ctx.today, time.min, AMSTERDAM)
    before = max(since, active.anew_since) if active.anew_since else since
    due = await store.older_than(ctx.work, active.id, before, command.size)
    if due:
        cause = Cause("tijdsverloop of herbouwde feiten")
        await rescore(Rescore(dict.fromkeys(due, cause)), ctx)
        return len(due) == command.size
    return await store.forget_retired(ctx.work, command.size)


async def _prepare(active: ScoringModel, model: ScoringModel, size: int, ctx: Ctx) -> None:
    """Score the next locations by a model whose scores nobody sees; after the last it is active.

    Who scores meanwhile does so by both models, so that none is behind when they change places.
    """
    ids = await store.next_locations(ctx.rows, model.scored_to, size)
    locations = await lock_all(ctx.work, ids)
    facts = await _facts(locations, (model,), ctx) if locations else {}
    for each in locations:
        store.keep(ctx.work, model.id, each, score(model.model, facts[each.id], ctx.today))
    if len(ids) == size:
        models.note_scored(ctx.work, model.id, ids[-1])
        return
    STATES.require(model.state, ModelState.ACTIVE)
    STATES.require(active.state, ModelState.RETIRED)
    await models.succeed(ctx.work, active.id, by=model.id)


async def _tell(active: ScoringModel, size: int, ctx: Ctx) -> None:
    """Tell of the scores of a model that became active; one that was missed is made as well."""
    ids = await store.next_locations(ctx.rows, active.scored_to, size)
    cause = Cause(f"risicomodel {active.model.version} geldt")
    await rescore(Rescore(dict.fromkeys(ids, cause), all_told=True), ctx)
    models.note_told(ctx.work, active.id, ids[-1] if len(ids) == size else None)
