"""Locations under a lock, and the facts of locations, many at a time."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.risk.locations.domain import Complaint, Facts, Inspection, Measure, Violation
from services.risk.locations.tables import complaint, inspection, location, measure, violation
from shared.clock import local_date
from shared.contracts.enforcement import InspectionKind
from shared.contracts.intake import Outcome
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork

Fact = TypeVar("Fact")


def _any_of(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return column == func.any(bindparam("ids", type_=ARRAY(Uuid)))


_VISIBLE = bindparam("participants", type_=ARRAY(Text))
LOCK = (
    select(location)
    .where(
        location.c.id == bindparam("id"),
        or_(_VISIBLE.is_(None), location.c.participant == func.any(_VISIBLE)),
    )
    .with_for_update()
)
LOCK_ALL = select(location).where(_any_of(location.c.id)).order_by(location.c.id).with_for_update()
INSPECTIONS = select(inspection).where(_any_of(inspection.c.location_id))
VIOLATIONS = select(violation).where(_any_of(violation.c.location_id))
MEASURES = select(measure).where(_any_of(measure.c.location_id))
COMPLAINTS = select(complaint).where(_any_of(complaint.c.location_id))


async def lock(work: UnitOfWork, location_id: UUID, participants: list[str] | None) -> Row:
    """The location, locked until the unit of work ends. Raises NotFound, also when not visible."""
    return await work.one(LOCK, "Deze locatie", id=location_id, participants=participants)


async def lock_all(work: UnitOfWork, ids: Sequence[UUID]) -> list[Row]:
    """Those of the locations that exist, locked in the order of their ids."""
    return await work.all(LOCK_ALL, ids=sorted(ids))


async def facts_of(rows: Rows, locations: Sequence[Row]) -> dict[UUID, Facts]:
    """What is known of each location, in four reads however many there are."""
    ids = [row["id"] for row in locations]
    inspections = _grouped(await rows.all(INSPECTIONS, ids=ids), _inspection)
    violations = _grouped(await rows.all(VIOLATIONS, ids=ids), _violation)
    measures = _grouped(await rows.all(MEASURES, ids=ids), _measure)
    complaints = _grouped(await rows.all(COMPLAINTS, ids=ids), _complaint)
    return {
        row["id"]: Facts(
            activities=tuple(row["activities"]),
            core=row["core_activity"],
            inspections=tuple(inspections.get(row["id"], ())),
            violations=tuple(violations.get(row["id"], ())),
            measures=tuple(measures.get(row["id"], ())),
            complaints=tuple(complaints.get(row["id"], ())),
        )
        for row in locations
    }


def _grouped(rows: Sequence[Row], made: Callable[[Row], Fact]) -> dict[UUID, list[Fact]]:
    groups: dict[UUID, list[Fact]] = {}
    for row in rows:
        groups.setdefault(row["location_id"], []).append(made(row))
    return groups


def _inspection(row: Row) -> Inspection:
    again = row["kind"] == InspectionKind.REINSPECTION
    return Inspection(row["completed_on"], row["number"], again)


def _violation(row: Row) -> Violation:
    return Violation(row["established_on"], row["number"], row["cell"])


def _measure(row: Row) -> Measure:
    return Measure(row["decided_on"], row["instrument"], row["number"])


def _complaint(row: Row) -> Complaint:
    outcome = row["outcome"]
    return Complaint(
        on=local_date(row["received_at"]),
        justified=None if outcome is None else outcome == Outcome.JUSTIFIED,
        closed=row["closed_at"] is not None,
    )
