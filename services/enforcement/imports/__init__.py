"""How inspections arrive from another system: in bulk, with what followed from them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Text, Uuid, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement import numbers
from services.enforcement.imports.conversion import Given, take
from services.enforcement.imports.rows import TAKEN_OVER, InspectionRow, Known, Taken, Topic
from services.enforcement.inspections import store as inspections
from services.enforcement.measures import store as measures
from services.enforcement.measures.domain.terms import Term
from services.enforcement.policy import store as policy
from services.enforcement.tables import inspection, location, topic, violation
from services.enforcement.violations import store as violations
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Refused
from shared.imports import ImportSpec, Rejection

_KEYS = bindparam("keys", type_=ARRAY(Text))
_STORED = select(inspection.c.source_key).where(inspection.c.source_key == func.any(_KEYS))
_LOCATIONS = select(location.c.id, location.c.number, location.c.participant).where(
    location.c.number == func.any(bindparam("numbers", type_=ARRAY(Text)))
)
_TOPICS = select(topic).order_by(topic.c.position)
_LAST = (
    select(*(violation.c[name] for name in violations.VIOLATION.names))
    .where(violation.c.location_id == func.any(bindparam("ids", type_=ARRAY(Uuid))))
    .order_by(violation.c.established_on, violation.c.id)
)


async def store(rows: Sequence[InspectionRow], work: UnitOfWork) -> list[Rejection]:
    """Store a batch; rows that are stored already are left as they are."""
    known = await _known(rows, work)
    rejected: list[Rejection] = []
    fresh = [row for row in rows if row.source_key not in known.keys]
    given = await _numbers(fresh, work)
    for row in fresh:
        if row.source_key in known.keys:
            rejected.append(Rejection(row.source_key, "deze sleutel komt vaker voor"))
            continue
        known.keys.add(row.source_key)
        try:
            taken = take(row, known, given)
        except Refused as refused:
            rejected.append(Rejection(row.source_key, refused.detail))
            continue
        _keep(taken, row, work)
    return rejected


async def _known(rows: Sequence[InspectionRow], work: UnitOfWork) -> Known:
    stored = await work.all(_STORED, keys=[row.source_key for row in rows])
    names = sorted({row.location_number for row in rows})
    places = {row["number"]: row for row in await work.all(_LOCATIONS, numbers=names)}
    ids = sorted(place["id"] for place in places.values())
    last = {row["location_id"]: row for row in await work.all(_LAST, ids=ids)}
    return Known(
        keys={row["source_key"] for row in stored},
        locations=places,
        topics=[_topic(row) for row in await work.all(_TOPICS)],
        matrix=await policy.matrix_for(work, None),
        last={key: violations.VIOLATION.of(row) for key, row in last.items()},
        today=work.today,
    )


def _topic(row: Row) -> Topic:
    return Topic(row["code"], row["name"], tuple(row["words"]))


async def _numbers(fresh: Sequence[InspectionRow], work: UnitOfWork) -> Given:
    years = [_year(row, work.today) for row in fresh]
    found = [_year(row, work.today) for row in fresh if row.nature]
    measured = [_year(row, work.today) for row in fresh if row.instrument]
    return Given(
        (await numbers.INSPECTIONS.many(work, years))[::-1],
        (await numbers.VIOLATIONS.many(work, found))[::-1],
        (await numbers.MEASURES.many(work, measured))[::-1],
    )


def _year(row: InspectionRow, today: date) -> int:
    return (row.completed_on or row.planned_on or today).year


def _keep(taken: Taken, row: InspectionRow, work: UnitOfWork) -> None:
    inspections.add(work, taken.inspection, source_key=row.source_key)
    for each in taken.findings:
        inspections.add_finding(work, taken.inspection.id, each, row.inspector or TAKEN_OVER)
    running = _running(taken, work.today)
    if taken.violation is not None:
        violations.add(work, taken.violation, due_on=_due(running))
    if taken.position is not None:
        violations.add_position(work, taken.position)
    if taken.measure is not None:
        measures.add(work, taken.measure)
        measures.start(work, taken.measure, running)
    for event in taken.events:
        work.publish(event)


def _running(taken: Taken, today: date) -> tuple[Term, ...]:
    """Clocks that still matter: objection that has not lapsed, and duties not yet fulfilled."""
    resolved = taken.violation is None or not taken.violation.open
    return tuple(
        term for term in taken.terms if (term.ends_on >= today if term.lapses else not resolved)
    )


def _due(running: Iterable[Term]) -> Any:
    return min((term.ends_on for term in running if not term.lapses), default=None)


IMPORTS: Final[tuple[ImportSpec, ...]] = (
    ImportSpec(kind="controles", row=InspectionRow, store=store),
)
