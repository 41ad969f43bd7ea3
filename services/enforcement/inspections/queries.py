"""The work list of inspections, and one inspection with its findings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Integer, bindparam, select

from services.enforcement.context import ReadCtx
from services.enforcement.inspections.domain import (
    EARLIEST,
    Finding,
    FindingResult,
    Inspection,
    InspectionState,
)
from services.enforcement.locations import searching
from services.enforcement.metadata import OPEN_BELOW
from services.enforcement.tables import (
    finding,
    finding_stands,
    inspection,
    location,
    topic,
    violation,
)
from shared.auth.sight import Sight
from shared.contracts.base import Behaviour, Consequence
from shared.db.filters import equals
from shared.db.listing import Listing, Page, Start, counted
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.values import columns_of
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class InspectionRow(Inspection):
    """An inspection with where it is held, and its place in the work list."""

    listed_on: date = EARLIEST
    work_order: int = 0
    location_name: str | None = None
    location_number: str | None = None
    street: str | None = None
    house_number: str | None = None
    postcode: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding with the names of what it is about."""

    inspection_id: UUID
    sequence: int
    topic: str
    topic_name: str | None
    result: FindingResult
    attention_point: str | None
    rule: str | None
    details: str | None
    consequence: Consequence | None
    behaviour: Behaviour | None
    violation_id: UUID | None
    violation_number: str | None
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many inspections are planned, and how many of these by the caller."""

    planned: int
    mine: int


_SELECT = (
    select(
        *columns_of(InspectionRow, inspection),
        location.c.name.label("location_name"),
        location.c.number.label("location_number"),
        location.c.street,
        location.c.house_number,
        location.c.postcode,
        location.c.city,
    )
    .select_from(inspection.outerjoin(location, location.c.id == inspection.c.location_id))
    .where(visible(inspection))
)
_PLANNED: Final = inspection.c.work_order < OPEN_BELOW
_WORK_LIST: Final = Listing(
    InspectionRow,
    _SELECT,
    filters={
        "kind": equals(inspection.c.kind, "kind"),
        "participant": equals(inspection.c.participant, "participant"),
        "location_id": equals(inspection.c.location_id, "location_id"),
        **searching.filters(inspection.c.number, inspection.c.location_id),
        "incident_id": equals(inspection.c.incident_id, "incident_id"),
        "violation_id": equals(inspection.c.violation_id, "violation_id"),
        "inspector": equals(inspection.c.inspector, "inspector"),
    },
    flags={"planned": _PLANNED, "completed": ~_PLANNED, **searching.FLAGS},
    order=(inspection.c.work_order, inspection.c.id),
)
_ONE: Final = Query(InspectionRow, _SELECT.where(inspection.c.id == bindparam("id")))
_AT: Final = Query(
    InspectionRow,
    _SELECT.where(equals(inspection.c.location_id, "location_id"))
    .order_by(inspection.c.listed_on.desc(), inspection.c.id.desc())
    .limit(bindparam("limit", type_=Integer)),
)
_FINDINGS: Final = Query(
    FindingRow,
    select(
        *columns_of(FindingRow, finding),
        violation.c.number.label("violation_number"),
        topic.c.name.label("topic_name"),
    )
    .select_from(
        finding.outerjoin(violation, violation.c.id == finding.c.violation_id).outerjoin(
            topic, topic.c.code == finding.c.topic
        )
    )
    .where(equals(finding.c.inspection_id, "inspection_id"), finding_stands)
    .order_by(finding.c.sequence),
)
_COUNTS: Final = Query(
    Counts,
    select(
        counted("planned", visible(inspection), _PLANNED),
        counted("mine", visible(inspection), _PLANNED, equals(inspection.c.inspector, "inspector")),
    ),
)
_PLAIN: Final = Query(
    Inspection,
    select(*columns_of(Inspection, inspection)).where(
        inspection.c.id == bindparam("id"), visible(inspection)
    ),
)
_FOUND: Final = Query(
    Finding,
    select(*columns_of(Finding, finding))
    .where(equals(finding.c.inspection_id, "inspection_id"), finding_stands)
    .order_by(finding.c.sequence),
)


# For API and screens: what the caller may see.


async def work_list(
    start: Start,
    ctx: ReadCtx,
    states: Collection[InspectionState] | None = None,
    **filters: Any,
) -> Page[InspectionRow]:
    """Planned inspections by their day, then completed ones, the latest first."""
    ctx.require(Scope.INSPECTIONS_READ)
    flag = {"planned": InspectionState.PLANNED, "completed": InspectionState.COMPLETED}
    flags = {name: set(states or ()) == {state} for name, state in flag.items()}
    limits = await searching.resolved(filters, ctx)
    return await _WORK_LIST.page(ctx.rows, start, sight=ctx.sight, **flags, **limits)


async def one(
    inspection_id: UUID, ctx: ReadCtx, scope: Scope = Scope.INSPECTIONS_READ
) -> InspectionRow:
    """One inspection. Raises NotFound, also when it is not for the caller.

    Whoever just changed it sees it by the right by which it was changed.
    """
    ctx.require(scope)
    return await ctx.rows.one(_ONE, "Deze controle", id=inspection_id, sight=ctx.sight)


async def at_location(location_id: UUID, ctx: ReadCtx, limit: int = 10) -> list[InspectionRow]:
    """The inspections at a location, newest first."""
    ctx.require(Scope.INSPECTIONS_READ)
    return await ctx.rows.all(_AT, location_id=location_id, sight=ctx.sight, limit=limit)


async def counts(ctx: ReadCtx) -> Counts:
    """How many inspections are waiting, each counted to a thousand and one."""
    ctx.require(Scope.INSPECTIONS_READ)
    return await ctx.rows.one(_COUNTS, sight=ctx.sight, inspector=ctx.caller.subject)


# Of an inspection that was read: who holds it may see it.


async def findings(found: Inspection, rows: Rows) -> list[FindingRow]:
    """Its findings, in order."""
    return await rows.all(_FINDINGS, inspection_id=found.id)


# For use cases.


async def find(inspection_id: UUID, rows: Rows, sight: Sight) -> Inspection | None:
    """The inspection, when there is one for these eyes."""
    return await rows.first(_PLAIN, id=inspection_id, sight=sight)


async def found_at(inspection_id: UUID, rows: Rows) -> list[Finding]:
    """What was found at an inspection, in order."""
    return await rows.all(_FOUND, inspection_id=inspection_id)
