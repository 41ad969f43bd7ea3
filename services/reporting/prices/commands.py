"""Tariffs, norms, keys and parameters: proposed by one, put in force by another."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar
from uuid import UUID

from services.reporting.context import Ctx
from services.reporting.periods import locks
from services.reporting.prices import domain, store
from services.reporting.prices.domain import Validity
from services.reporting.prices.kinds import Kind, VersionRow
from services.reporting.prices.shapes import require_shape
from shared.errors import NotAllowed, conflict, require_version, unknown
from shared.ids import new_id
from shared.product.roles import Scope

V = TypeVar("V", bound=VersionRow)
WHAT = "Deze versie"


@dataclass(frozen=True, slots=True)
class ProposeVersion(Generic[V]):
    """A version that has no effect yet."""

    kind: Kind[V]
    values: Mapping[str, Any]
    validity: Validity
    reference: str


@dataclass(frozen=True, slots=True)
class ActivateVersion(Generic[V]):
    """Put a proposed version in force."""

    kind: Kind[V]
    version_id: UUID
    version: int


async def propose(command: ProposeVersion[V], ctx: Ctx) -> V:
    """Raises Forbidden, Conflict."""
    _require_controller(ctx)
    domain.require_order(command.validity)
    await _check(command.values, ctx)
    row = command.kind.row(
        id=new_id(),
        version=1,
        valid_from=command.validity.start,
        valid_until=command.validity.end,
        decision_reference=command.reference,
        confirmed=False,
        proposed_by=ctx.work.actor,
        proposed_at=ctx.now,
        activated_by=None,
        activated_at=None,
        **command.values,
    )
    store.add(ctx.work, command.kind, row)
    return row


async def activate(command: ActivateVersion[V], ctx: Ctx) -> V:
    """It follows up the open-ended version before it.

    Raises Forbidden, NotFound, VersionConflict, NotAllowed.
    """
    _require_controller(ctx)
    kind = command.kind
    row = await ctx.work.one(kind.lock, WHAT, id=command.version_id)
    require_version(WHAT, expected=command.version, found=row.version)
    if row.activated_at is not None:
        raise NotAllowed("Deze versie geldt al", article="vierogenprincipe")
    domain.require_second_person(row.proposed_by, ctx.work.actor)
    new = Validity(row.valid_from, row.valid_until)
    if kind.prices_hours:
        await locks.share(ctx.work, [new.start])
        domain.require_open_period(new.start, await locks.closed_until(ctx.rows))
    in_force = await store.in_force(ctx.work, kind, row)
    spans = {Validity(other.valid_from, other.valid_until): other for other in in_force}
    followed = domain.replaced_by(spans, new)
    if followed is not None:
        await store.end(ctx.work, kind, spans[followed].id, new.start)
    active = replace(
        row,
        activated_by=ctx.work.actor,
        activated_at=ctx.now,
        confirmed=True,
        version=row.version + 1,
    )
    store.activate(ctx.work, kind, active)
    return active


def _require_controller(ctx: Ctx) -> None:
    ctx.require(Scope.BUDGETS_MANAGE)
    ctx.require_agency()


async def _check(values: Mapping[str, Any], ctx: Ctx) -> None:
    product = values.get("product")
    if product is not None and not await store.has_product(ctx.rows, product):
        raise unknown("product", "Kies een product uit de catalogus.")
    if "weights" in values:
        await _check_weights(values["weights"], ctx)
    if "value" in values:
        require_shape(values["code"], values["value"])


async def _check_weights(weights: Mapping[str, int], ctx: Ctx) -> None:
    """Raises Conflict for weights of strangers, or that divide nothing."""
    strangers = weights.keys() - await store.participants(ctx.rows, weights)
    if strangers:
        raise unknown("weights", f"Geen deelnemer: {', '.join(sorted(strangers))}.")
    if not any(weights.values()):
        raise conflict("weights", "leeg", "Geef ten minste een deelnemer een gewicht boven 0.")
