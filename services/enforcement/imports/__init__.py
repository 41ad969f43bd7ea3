"""How inspections arrive from another system: in bulk, with what followed from them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from services.enforcement.context import KIT
from services.enforcement.imports.conversion import NewNumbers, convert
from services.enforcement.imports.rows import TAKEN_OVER, Batch, Converted, InspectionRow
from services.enforcement.inspections import store as inspections
from services.enforcement.locations.queries import LocationRow
from services.enforcement.measures import store as measures
from services.enforcement.measures.domain.terms import Term
from services.enforcement.policy import queries as policy
from services.enforcement.policy.queries import TopicRow
from services.enforcement.tables import inspection, location, topic, violation
from services.enforcement.violations import store as violations
from services.enforcement.violations.domain import Violation
from shared.db.filters import one_of
from shared.db.query import Query, present
from shared.db.unit_of_work import UnitOfWork
from shared.db.values import columns_of
from shared.errors import Refused
from shared.imports import ImportSpec, Rejection

_STORED: Final = Query(
    str,
    select(present(inspection.c.source_key)).where(one_of(inspection.c.source_key, "keys")),
)
_LOCATIONS: Final = Query(
    LocationRow,
    select(*columns_of(LocationRow, location)).where(one_of(location.c.number, "numbers")),
)
_TOPICS: Final = Query(TopicRow, select(*columns_of(TopicRow, topic)).order_by(topic.c.position))
_VIOLATIONS: Final = Query(
    Violation,
    select(*columns_of(Violation, violation))
    .where(one_of(violation.c.location_id, "ids"))
    .order_by(violation.c.established_on, violation.c.id),
)


async def store(rows: Sequence[InspectionRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch; rows that are stored already are left as they are."""
    batch = await _batch(rows, work)
    rejected: list[Rejection] = []
    fresh = [row for row in rows if row.source_key not in batch.keys]
    numbers = await _numbers(fresh, work)
    for row in fresh:
        if row.source_key in batch.keys:
            rejected.append(Rejection(row.source_key, "deze sleutel komt vaker voor"))
            continue
        batch.keys.add(row.source_key)
        try:
            converted = convert(row, batch, numbers)
        except Refused as refused:
            rejected.append(Rejection(row.source_key, refused.detail))
            continue
        _keep(converted, row, work)
    return rejected


async def _batch(rows: Sequence[InspectionRow], work: UnitOfWork) -> Batch:
    stored = await work.all(_STORED, keys=[row.source_key for row in rows])
    names = sorted({row.location_number for row in rows})
    places = {row.number: row for row in await work.all(_LOCATIONS, numbers=names)}
    ids = sorted(place.id for place in places.values())
    return Batch(
        keys=set(stored),
        locations=places,
        topics=await work.all(_TOPICS),
        matrix=await policy.matrix_for(None, work),
        last={each.location_id: each for each in await work.all(_VIOLATIONS, ids=ids)},
        today=work.today,
    )


async def _numbers(fresh: Sequence[InspectionRow], work: UnitOfWork) -> NewNumbers:
    years = [_year(row, work.today) for row in fresh]
    found = [_year(row, work.today) for row in fresh if row.nature]
    measured = [_year(row, work.today) for row in fresh if row.instrument]
    return NewNumbers(
        (await KIT.inspections.many(work, years))[::-1],
        (await KIT.violations.many(work, found))[::-1],
        (await KIT.measures.many(work, measured))[::-1],
    )


def _year(row: InspectionRow, today: date) -> int:
    return (row.completed_on or row.planned_on or today).year


def _keep(converted: Converted, row: InspectionRow, work: UnitOfWork) -> None:
    inspections.add(work, converted.inspection, source_key=row.source_key)
    for each in converted.findings:
        inspections.add_finding(work, converted.inspection.id, each, row.inspector or TAKEN_OVER)
    running = _running(converted, work.today)
    if converted.violation is not None:
        violations.add(work, converted.violation, due_on=_due(running))
    if converted.position is not None:
        violations.add_position(work, converted.position)
    if converted.measure is not None:
        measures.add(work, converted.measure)
        measures.start(work, converted.measure, running)
    for event in converted.events:
        work.publish(event)


def _running(converted: Converted, today: date) -> tuple[Term, ...]:
    """Clocks that still matter: objection that has not lapsed, and duties not yet fulfilled."""
    resolved = converted.violation is None or not converted.violation.open
    return tuple(
        term for term in converted.terms if (term.ends_on >= today if term.lapses else not resolved)
    )


def _due(running: Iterable[Term]) -> Any:
    return min((term.ends_on for term in running if not term.lapses), default=None)


IMPORTS: Final[tuple[ImportSpec, ...]] = (
    ImportSpec(kind="controles", row=InspectionRow, store=store),
)
