"""The work list of violations, and one violation with its whole file."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Date, Integer, Text, bindparam, case, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.context import ReadCtx
from services.enforcement.inspections.domain import FindingResult, InspectionState
from services.enforcement.locations import searching
from services.enforcement.metadata import OPEN_BELOW
from services.enforcement.tables import (
    finding,
    finding_stands,
    inspection,
    location,
    measure,
    position,
    topic,
    violation,
)
from services.enforcement.violations.domain import Violation, ViolationState
from shared.auth.sight import Sight
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import Instrument
from shared.db.filters import equals, one_of
from shared.db.listing import Listing, Page, Start, counted
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.values import columns_of
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class ViolationRow(Violation):
    """A violation with where and by whom it was found, and its place in the work list."""

    due_on: date | None = None
    work_order: int = 0
    location_name: str | None = None
    location_number: str | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    city: str | None = None
    inspection_number: str = ""
    inspector_name: str | None = None
    nature_name: str | None = None


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A positioning as it was recorded."""

    sequence: int
    consequence: Consequence
    behaviour: Behaviour
    initial_cell: str
    cell: str
    reason: str | None
    consequence_note: str | None
    behaviour_note: str | None
    aspects: list[dict[str, Any]]
    recidivism: bool
    matrix_version: str
    positioned_at: datetime
    positioned_by: str


@dataclass(frozen=True, slots=True)
class ComparableRow:
    """How was acted in another case of the same cell."""

    violation_id: UUID
    violation_number: str
    nature: str
    nature_name: str | None
    resolved_on: date | None
    cell: str
    instrument: Instrument
    amount: Decimal | None
    maximum: Decimal | None
    term_days: int | None
    decided_on: date


@dataclass(frozen=True, slots=True)
class ReinspectionRow:
    """A re-inspection of a violation, with what it found about it."""

    id: UUID
    number: str
    state: InspectionState
    inspector_name: str | None
    listed_on: date
    completed_on: date | None
    results: tuple[FindingResult, ...]

    @property
    def done(self) -> bool:
        """Completed, so that its findings are final."""
        return self.state is InspectionState.COMPLETED

    @property
    def violated(self) -> bool:
        """It found the violation again."""
        return self.done and FindingResult.VIOLATED in self.results


@dataclass(frozen=True, slots=True)
class Counts:
    """How many violations are open, in which state, and how many have a clock that ended."""

    open: int
    unplaced: int
    placed: int
    enforced: int
    overdue: int


_SELECT = (
    select(
        *columns_of(Violation, violation),
        violation.c.due_on,
        violation.c.work_order,
        location.c.name.label("location_name"),
        location.c.number.label("location_number"),
        location.c.street,
        location.c.house_number,
        location.c.postcode,
        location.c.city,
        inspection.c.number.label("inspection_number"),
        inspection.c.inspector_name,
        topic.c.name.label("nature_name"),
    )
    .select_from(
        violation.outerjoin(location, location.c.id == violation.c.location_id)
        .join(inspection, inspection.c.id == violation.c.inspection_id)
        .outerjoin(topic, topic.c.code == violation.c.nature)
    )
    .where(visible(violation))
)
_OPEN: Final = violation.c.work_order < OPEN_BELOW
_WORK_LIST: Final = Listing(
    ViolationRow,
    _SELECT,
    filters={
        "states": one_of(violation.c.state, "states"),
        "state": equals(violation.c.state, "state"),
        "participant": equals(violation.c.participant, "participant"),
        "location_id": equals(violation.c.location_id, "location_id"),
        **searching.filters(violation.c.number, violation.c.location_id),
        "incident_id": equals(violation.c.incident_id, "incident_id"),
        "cell": equals(violation.c.cell, "cell"),
    },
    flags={"open": _OPEN, **searching.FLAGS},
    order=(violation.c.work_order, violation.c.id),
)
_ONE: Final = Query(ViolationRow, _SELECT.where(violation.c.id == bindparam("id")))
_AT: Final = Query(
    ViolationRow,
    _SELECT.where(equals(violation.c.location_id, "location_id"))
    .order_by(violation.c.work_order, violation.c.id)
    .limit(bindparam("limit", type_=Integer)),
)
_PLAIN: Final = Query(
    Violation,
    select(*columns_of(Violation, violation)).where(
        violation.c.id == bindparam("id"), visible(violation)
    ),
)
_POSITIONS: Final = Query(
    PositionRow,
    select(*columns_of(PositionRow, position))
    .where(equals(position.c.violation_id, "violation_id"))
    .order_by(position.c.sequence.desc()),
)
# Of the cell the latest are looked at: the older ones say less, and there may be very many.
_LATEST = (
    select(measure)
    .where(
        visible(measure),
        equals(measure.c.cell, "cell"),
        measure.c.violation_id != bindparam("violation_id"),
        measure.c.decided_on.isnot(None),
    )
    .order_by(measure.c.decided_on.desc(), measure.c.id.desc())
    .limit(500)
    .subquery("latest")
)
_SAME_NATURE = case((violation.c.nature == bindparam("nature"), literal(0)), else_=literal(1))
_COMPARABLE: Final = Query(
    ComparableRow,
    select(
        violation.c.id.label("violation_id"),
        violation.c.number.label("violation_number"),
        violation.c.nature,
        violation.c.resolved_on,
        topic.c.name.label("nature_name"),
        _LATEST.c.cell,
        _LATEST.c.instrument,
        _LATEST.c.amount,
        _LATEST.c.maximum,
        _LATEST.c.term_days,
        _LATEST.c.decided_on,
    )
    .select_from(
        _LATEST.join(violation, violation.c.id == _LATEST.c.violation_id).outerjoin(
            topic, topic.c.code == violation.c.nature
        )
    )
    .where(visible(violation))
    .order_by(_SAME_NATURE, _LATEST.c.decided_on.desc(), _LATEST.c.id.desc())
    .limit(5),
)
_RESULTS = (
    select(finding.c.result)
    .where(
        finding.c.inspection_id == inspection.c.id,
        finding.c.violation_id == inspection.c.violation_id,
        finding_stands,
    )
    .order_by(finding.c.sequence)
    .scalar_subquery()
)
_REINSPECTIONS: Final = Query(
    ReinspectionRow,
    select(
        inspection.c.id,
        inspection.c.number,
        inspection.c.state,
        inspection.c.inspector_name,
        inspection.c.listed_on,
        inspection.c.completed_on,
        func.array(_RESULTS, type_=ARRAY(Text)).label("results"),
    )
    .where(equals(inspection.c.violation_id, "violation_id"))
    .order_by(inspection.c.listed_on.desc(), inspection.c.id.desc()),
)
_STATES: Final = {
    "unplaced": ViolationState.ESTABLISHED,
    "placed": ViolationState.POSITIONED,
    "enforced": ViolationState.ENFORCED,
}
_COUNTS: Final = Query(
    Counts,
    select(
        counted("open", visible(violation), _OPEN),
        *(
            counted(name, visible(violation), violation.c.state == literal(state.value))
            for name, state in _STATES.items()
        ),
        counted(
            "overdue",
            visible(violation),
            _OPEN,
            violation.c.due_on < bindparam("today", type_=Date),
        ),
    ),
)


# For API and screens: what the caller may see.


async def work_list(
    start: Start,
    ctx: ReadCtx,
    states: Collection[ViolationState] | None = None,
    **filters: Any,
) -> Page[ViolationRow]:
    """Open violations by their first clock, then resolved ones, the latest first."""
    ctx.require(Scope.ENFORCEMENT_READ)
    limits = {**await searching.resolved(filters, ctx), **_states(states)}
    return await _WORK_LIST.page(ctx.rows, start, sight=ctx.sight, **limits)


def _states(states: Collection[ViolationState] | None) -> dict[str, Any]:
    """The limit to these states that an index knows: all open ones, or one."""
    if not states:
        return {}
    if set(states) == set(ViolationState) - {ViolationState.RESOLVED}:
        return {"open": True}
    return {"state": next(iter(states))} if len(states) == 1 else {"states": list(states)}


async def one(
    violation_id: UUID, ctx: ReadCtx, scope: Scope = Scope.ENFORCEMENT_READ
) -> ViolationRow:
    """One violation. Raises NotFound, also when it is not for the caller."""
    ctx.require(scope)
    return await ctx.rows.one(_ONE, "Deze overtreding", id=violation_id, sight=ctx.sight)


async def at_location(location_id: UUID, ctx: ReadCtx, limit: int = 10) -> list[ViolationRow]:
    """The violations at a location, open ones first."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await ctx.rows.all(_AT, location_id=location_id, sight=ctx.sight, limit=limit)


async def counts(ctx: ReadCtx) -> Counts:
    """How many violations are open, each counted to a thousand and one."""
    ctx.require(Scope.ENFORCEMENT_READ)
    return await ctx.rows.one(_COUNTS, sight=ctx.sight, today=ctx.today)


async def comparable(found: Violation, ctx: ReadCtx) -> list[ComparableRow]:
    """What was done of late in other cases of the same cell, the same kind first."""
    ctx.require(Scope.ENFORCEMENT_READ)
    if found.cell is None:
        return []
    return await ctx.rows.all(
        _COMPARABLE,
        cell=found.cell,
        nature=found.nature,
        violation_id=found.id,
        sight=ctx.sight,
    )


# Of a violation that was read or locked: who holds it may see it.


async def positions(found: Violation, rows: Rows) -> list[PositionRow]:
    """Every place it was given, the last first."""
    return await rows.all(_POSITIONS, violation_id=found.id)


async def reinspections(found: Violation, rows: Rows) -> list[ReinspectionRow]:
    """Its re-inspections, newest first."""
    return await rows.all(_REINSPECTIONS, violation_id=found.id)


# For use cases.


async def find(violation_id: UUID, rows: Rows, sight: Sight) -> Violation | None:
    """The violation, when there is one for these eyes."""
    return await rows.first(_PLAIN, id=violation_id, sight=sight)


async def get(violation_id: UUID, rows: Rows, sight: Sight) -> Violation:
    """The violation. Raises NotFound."""
    return await rows.one(_PLAIN, "Deze overtreding", id=violation_id, sight=sight)
