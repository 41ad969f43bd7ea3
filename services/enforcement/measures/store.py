"""Measures, forfeited penalties and their clocks."""

from collections.abc import Iterable
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import Text, bindparam, func, or_, select, update
from sqlalchemy import Uuid as SqlUuid
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.mapping import Mapped
from services.enforcement.measures.domain.forfeiture import Forfeiture
from services.enforcement.measures.domain.measure import Measure, MeasureState, Mode, Unit
from services.enforcement.measures.domain.terms import Term, TermKind
from services.enforcement.measures.tables import forfeiture, measure, term
from services.enforcement.policy.domain.matrix import Direction
from services.enforcement.violations.tables import violation
from shared.contracts.enforcement import Instrument
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.ids import new_id

MEASURE: Final = Mapped(
    Measure,
    {
        "state": MeasureState,
        "instrument": Instrument,
        "direction": Direction,
        "mode": Mode,
        "unit": Unit,
        "advice": tuple,
    },
)
FORFEITURE: Final = Mapped(Forfeiture, {})

_VIOLATION_OF = select(measure.c.violation_id).where(measure.c.id == bindparam("id"))
_LOCK_ALL = (
    select(*(measure.c[name] for name in MEASURE.names))
    .where(measure.c.violation_id == bindparam("violation_id"))
    .order_by(measure.c.chosen_on, measure.c.id)
    .with_for_update()
)
_FORFEITURES = (
    select(forfeiture)
    .where(forfeiture.c.measure_id == bindparam("measure_id"))
    .order_by(forfeiture.c.sequence)
)
_FORFEITURE = bindparam("of_forfeiture", type_=SqlUuid)
_STOP = (
    update(term)
    .where(
        term.c.measure_id == bindparam("of_measure"),
        term.c.kind == func.any(bindparam("kinds", type_=ARRAY(Text))),
        term.c.stopped_on.is_(None),
        or_(_FORFEITURE.is_(None), term.c.forfeiture_id == _FORFEITURE),
    )
    .values(stopped_on=bindparam("on"))
)

_FIRST = (
    select(func.min(term.c.ends_on))
    .where(
        term.c.violation_id == bindparam("violation_id"),
        term.c.stopped_on.is_(None),
        term.c.lapses.is_(False),
    )
    .scalar_subquery()
)
_DUE = update(violation).where(violation.c.id == bindparam("violation_id")).values(due_on=_FIRST)


async def violation_of(rows: Rows, measure_id: UUID) -> UUID:
    """Which violation the measure is about. Raises NotFound."""
    found: UUID | None = await rows.value(_VIOLATION_OF, id=measure_id)
    if found is None:
        raise NotFound("Deze maatregel bestaat niet, of is niet voor u zichtbaar.")
    return found


async def lock_all(work: UnitOfWork, violation_id: UUID) -> list[Measure]:
    """The measures against a violation, locked until the work ends."""
    stored = await work.all(_LOCK_ALL, violation_id=violation_id)
    return [MEASURE.of(row) for row in stored]


def add(work: UnitOfWork, new: Measure) -> None:
    """Queue a new measure."""
    work.insert(measure, MEASURE.values(new))


def save(work: UnitOfWork, changed: Measure) -> None:
    """Queue what changed."""
    values = MEASURE.values(changed)
    work.update(measure, key={"id": values.pop("id")}, values=values)


async def forfeitures_of(rows: Rows, measure_id: UUID) -> list[Forfeiture]:
    """What was forfeited under the measure, in order."""
    return [FORFEITURE.of(row) for row in await rows.all(_FORFEITURES, measure_id=measure_id)]


def add_forfeiture(work: UnitOfWork, new: Forfeiture) -> None:
    """Queue a forfeited penalty."""
    work.insert(forfeiture, FORFEITURE.values(new))


def save_forfeiture(work: UnitOfWork, changed: Forfeiture) -> None:
    """Queue what changed."""
    values = FORFEITURE.values(changed)
    work.update(forfeiture, key={"id": values.pop("id")}, values=values)


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


async def refresh_due(work: UnitOfWork, violation_id: UUID) -> None:
    """Note on the violation which of its running clocks ends first."""
    await work.execute(_DUE, violation_id=violation_id)
