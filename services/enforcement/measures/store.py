"""Measures, forfeited penalties and their clocks: locked and written."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, func, or_, select, update
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.measures.domain.forfeiture import Forfeiture
from services.enforcement.measures.domain.measure import Measure
from services.enforcement.measures.domain.terms import Term, TermKind
from services.enforcement.measures.tables import forfeiture, measure, measure_act, term
from shared.auth.sight import Sight
from shared.db.filters import equals
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.db.values import columns_of, values_of
from shared.ids import new_id

_VIOLATION_OF: Final = Query(
    UUID,
    select(measure.c.violation_id).where(measure.c.id == bindparam("id"), visible(measure)),
)
_LOCK_ALL: Final = Query(
    Measure,
    select(*columns_of(Measure, measure))
    .where(equals(measure.c.violation_id, "violation_id"))
    .order_by(measure.c.chosen_on, measure.c.id)
    .with_for_update(),
)
_FORFEITURES: Final = Query(
    Forfeiture,
    select(*columns_of(Forfeiture, forfeiture))
    .where(equals(forfeiture.c.measure_id, "measure_id"))
    .order_by(forfeiture.c.sequence),
)
_OF_ACT: Final = (
    *("version", "state", "mode", "unit", "amount", "maximum", "term_days", "remedy"),
    "forfeited",
)
_FORFEITURE = bindparam("of_forfeiture", type_=SqlUuid)
_STOP: Final = (
    update(term)
    .where(
        term.c.measure_id == bindparam("of_measure"),
        term.c.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        term.c.stopped_on.is_(None),
        or_(_FORFEITURE.is_(None), term.c.forfeiture_id == _FORFEITURE),
    )
    .values(stopped_on=bindparam("on"))
)
_FIRST: Final = Query(
    date,
    select(func.min(term.c.ends_on)).where(
        equals(term.c.violation_id, "violation_id"),
        term.c.stopped_on.is_(None),
        term.c.lapses.is_(False),
    ),
)


async def violation_of(rows: Rows, measure_id: UUID, sight: Sight) -> UUID:
    """Which violation the measure is about. Raises NotFound."""
    return await rows.one(_VIOLATION_OF, "Deze maatregel", id=measure_id, sight=sight)


async def lock_all(work: UnitOfWork, violation_id: UUID) -> list[Measure]:
    """The measures against a violation that is locked, locked until the work ends."""
    return await work.all(_LOCK_ALL, violation_id=violation_id)


def add(work: UnitOfWork, new: Measure) -> None:
    """Queue a new measure."""
    work.insert(measure, values_of(new))
    _keep_act(work, new)


def save(work: UnitOfWork, changed: Measure) -> None:
    """Queue what changed, and the act that changed it."""
    values = values_of(changed)
    work.update(measure, key={"id": values.pop("id")}, values=values)
    _keep_act(work, changed)


def _keep_act(work: UnitOfWork, became: Measure) -> None:
    act = {name: getattr(became, name) for name in _OF_ACT}
    told = {"recorded_at": work.now, "recorded_by": work.actor}
    work.insert(measure_act, {"measure_id": became.id, **act, **told})


async def forfeitures_of(rows: Rows, measure_id: UUID) -> list[Forfeiture]:
    """What was forfeited under the measure, in order."""
    return await rows.all(_FORFEITURES, measure_id=measure_id)


def add_forfeiture(work: UnitOfWork, new: Forfeiture) -> None:
    """Queue a forfeited penalty."""
    work.insert(forfeiture, values_of(new))


def save_forfeiture(work: UnitOfWork, changed: Forfeiture) -> None:
    """Queue how far the collection is."""
    names = ("prescribes_on", "collected_on", "paid_on")
    values = {name: getattr(changed, name) for name in names}
    work.update(forfeiture, key={"id": changed.id}, values=values)


def start(work: UnitOfWork, of: Measure, terms: Iterable[Term]) -> None:
    """Queue clocks that start to run."""
    for each in terms:
        work.insert(
            term,
            {
                "id": new_id(),
                "kind": each.kind,
                "violation_id": of.violation_id,
                "measure_id": of.id,
                "forfeiture_id": each.forfeiture_id,
                "participant": of.participant,
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "lapses": each.lapses,
            },
        )


async def stop(
    work: UnitOfWork,
    of: Measure,
    kinds: Iterable[TermKind],
    on: date,
    of_forfeiture: UUID | None = None,
) -> None:
    """Stop the running clocks of these kinds; with a forfeiture, only that one's."""
    await work.execute(
        _STOP,
        of_measure=of.id,
        kinds=[str(kind) for kind in kinds],
        of_forfeiture=of_forfeiture,
        on=on,
    )


async def first_due(work: UnitOfWork, violation_id: UUID) -> date | None:
    """Which of the running clocks of a violation ends first, with what was just queued."""
    await work.flush()
    return await work.value(_FIRST, violation_id=violation_id)
