"""The file of a violation as the lawyer reads it: everything on one page, each figure sourced."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from starlette.responses import Response

from services.enforcement.context import PageCtx
from services.enforcement.measures import queries as measure_queries
from services.enforcement.measures.domain.measure import (
    ARTICLES,
    IN_FORCE,
    PREPARED,
    MeasureState,
)
from services.enforcement.measures.order_fields import MODES, UNITS
from services.enforcement.measures.queries import ForfeitureRow, MeasureRow
from services.enforcement.policy import queries as policy
from services.enforcement.policy.domain.mandate import Check
from services.enforcement.policy.domain.matrix import Matrix, axes_of
from services.enforcement.policy.screens.drawing import BEHAVIOURS, CONSEQUENCES, drawn
from services.enforcement.presentation import templates
from services.enforcement.violations import queries, recidivism
from services.enforcement.violations.queries import ReinspectionRow
from services.enforcement.violations.screens.timeline import timeline
from shared.contracts.enforcement import Instrument
from shared.product.roles import Scope
from shared.ui.forms import Form


@dataclass(frozen=True, slots=True)
class MeasureCard:
    """A measure with what may be done with it now, and whether the caller has the mandate."""

    row: MeasureRow
    check: Check | None
    forfeitures: list[ForfeitureRow]
    proof: list[ReinspectionRow]
    may_intend: bool
    may_impose: bool
    may_collect: bool
    may_end: bool

    @property
    def article(self) -> str:
        """Where the power comes from."""
        return ARTICLES.get(self.row.instrument, "")

    @property
    def consequence(self) -> str:
        """Of the cell it was chosen in, in words."""
        return CONSEQUENCES[axes_of(self.row.cell)[0]]

    @property
    def behaviour(self) -> str:
        """Of the cell it was chosen in, in words."""
        return BEHAVIOURS[axes_of(self.row.cell)[1]]


async def dossier(ctx: PageCtx, form: Form, status: int = 200, *, identity: UUID) -> Response:
    """The page, also with a form that was refused."""
    row = await queries.one(identity, ctx)
    matrix = await policy.matrix_for(row.matrix_version, ctx.rows)
    measures = await measure_queries.of_violation(row, ctx.rows)
    forfeited = await measure_queries.forfeited_for(row, ctx.rows)
    again = await queries.reinspections(row, ctx.rows)
    positions = await queries.positions(row, ctx.rows)
    first = await measure_queries.first_clocks([row.id], ctx.rows)
    return templates.page(
        ctx.request,
        "enforcement/overtreding.html",
        status_code=status,
        form=form,
        violation=row,
        now=ctx.now,
        today=ctx.today,
        positions=positions,
        **drawn(matrix, row.cell),
        suggestion=await recidivism.suggestion_for(row, ctx.today, ctx.rows),
        aspects=await policy.aspects(ctx),
        measures=[await _card(each, forfeited, again, ctx) for each in measures],
        clocks=await measure_queries.clocks_of_violation(row, ctx.today, ctx.rows),
        first=first.get(row.id),
        comparable=await queries.comparable(row, ctx),
        reinspections=again,
        timeline=timeline(row, positions, measures, forfeited, again),
        instruments=_instruments(matrix, row.cell),
        modes=MODES,
        units=UNITS,
        may_position=row.open and ctx.caller.may(Scope.ENFORCEMENT_WRITE),
        may_inspect=row.open and ctx.caller.may(Scope.INSPECTIONS_WRITE),
    )


def _instruments(matrix: Matrix, cell: str | None) -> list[tuple[str, str]]:
    """Those of the cell first, then the others, each from light to heavy."""
    advised = matrix.cells[cell].advice if cell else ()
    others = [each for each in Instrument if each not in advised]
    return [(str(each), f"{str(each).capitalize()} (advies)") for each in advised] + [
        (str(each), f"{str(each).capitalize()} (afwijking)") for each in others
    ]


async def _card(
    row: MeasureRow,
    forfeited: Sequence[ForfeitureRow],
    again: Sequence[ReinspectionRow],
    ctx: PageCtx,
) -> MeasureCard:
    prepared = row.state in PREPARED
    check: Check | None = None
    if prepared and row.is_decision:
        check = await measure_queries.mandate_for(row, ctx.today, ctx)
    lost = [each for each in forfeited if each.measure_id == row.id]
    writes = ctx.caller.may(Scope.ENFORCEMENT_WRITE)
    imposes = ctx.caller.may(Scope.ORDER_IMPOSE)
    return MeasureCard(
        row=row,
        check=check,
        forfeitures=lost,
        proof=_proof(row, forfeited, again) if imposes and row.state in IN_FORCE else [],
        may_intend=row.state is MeasureState.CHOSEN and row.is_decision and writes,
        may_impose=prepared and imposes,
        may_collect=imposes and any(each.paid_on is None for each in lost),
        may_end=row.state in {*PREPARED, *IN_FORCE} and imposes,
    )


def _proof(
    row: MeasureRow, forfeited: Sequence[ForfeitureRow], again: Sequence[ReinspectionRow]
) -> list[ReinspectionRow]:
    """Re-inspections after the term that found the violation again and were not used yet."""
    if row.instrument is not Instrument.PENALTY_ORDER or row.forfeited >= (row.maximum or 0):
        return []
    used = {each.inspection_id for each in forfeited}
    after = row.compliance_until or row.published_on
    return [
        each for each in again if each.violated and each.id not in used and _is_after(each, after)
    ]


def _is_after(found: ReinspectionRow, day: Any) -> bool:
    return found.completed_on is not None and day is not None and found.completed_on > day
