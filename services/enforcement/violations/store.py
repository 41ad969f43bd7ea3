"""Violations, their positions, and the earlier ones that may make recidivism."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, bindparam, case, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from services.enforcement.mapping import Mapped
from services.enforcement.measures.tables import measure
from services.enforcement.policy.domain.dated_policy import ENDED_AFTER_INTENTION, Earlier, Kinship
from services.enforcement.policy.tables import topic
from services.enforcement.violations.domain import Position, Violation, ViolationState
from services.enforcement.violations.tables import position, violation
from shared.contracts.base import Behaviour, Consequence
from shared.db.rows import Row, Rows
from shared.db.unit_of_work import UnitOfWork

VIOLATION: Final = Mapped(
    Violation, {"state": ViolationState, "consequence": Consequence, "behaviour": Behaviour}
)

_COLUMNS: Final = tuple(violation.c[name] for name in VIOLATION.names)
_ONE = select(*_COLUMNS).where(violation.c.id == bindparam("id"))
_LOCK = _ONE.with_for_update()
_POSITIONS = select(func.count()).where(position.c.violation_id == bindparam("violation_id"))
_DOMAIN = select(topic.c.domain).where(topic.c.code == bindparam("code"))
_ANSWER = case(
    (measure.c.decided_on.isnot(None), measure.c.instrument),
    (
        (measure.c.intended_on.isnot(None)) & (violation.c.resolved_on.isnot(None)),
        literal(ENDED_AFTER_INTENTION),
    ),
)
_ANSWERS = func.array_remove(
    func.array_agg(aggregate_order_by(_ANSWER, measure.c.chosen_on)),
    None,
    type_=ARRAY(Text),
)
_EARLIER = (
    select(
        violation.c.id,
        violation.c.number,
        violation.c.established_on,
        violation.c.nature,
        violation.c.rule,
        topic.c.domain,
        _ANSWERS.label("instruments"),
    )
    .select_from(
        violation.outerjoin(measure, measure.c.violation_id == violation.c.id).outerjoin(
            topic, topic.c.code == violation.c.nature
        )
    )
    .where(
        violation.c.location_id == bindparam("location_id"),
        violation.c.id != bindparam("violation_id"),
        violation.c.established_on <= bindparam("established_on"),
    )
    .group_by(violation.c.id, topic.c.domain)
    .order_by(violation.c.established_on.desc())
)


async def lock(work: UnitOfWork, violation_id: UUID) -> Violation:
    """The violation, locked until the work ends. Raises NotFound."""
    return VIOLATION.of(await work.one(_LOCK, "Deze overtreding", id=violation_id))


async def one(rows: Rows, violation_id: UUID) -> Violation:
    """The violation as it is now. Raises NotFound."""
    return VIOLATION.of(await rows.one(_ONE, "Deze overtreding", id=violation_id))


def add(work: UnitOfWork, new: Violation, *, due_on: date | None = None) -> None:
    """Queue a new violation, with the day on which its first clock ends."""
    work.insert(violation, {**VIOLATION.values(new), "due_on": due_on})


def save(work: UnitOfWork, changed: Violation) -> None:
    """Queue what changed."""
    values = VIOLATION.values(changed)
    work.update(violation, key={"id": values.pop("id")}, values=values)


def add_position(work: UnitOfWork, kept: Position) -> None:
    """Queue a positioning."""
    names = Position.__dataclass_fields__
    row: dict[str, Any] = {name: getattr(kept, name) for name in names}
    row["aspects"] = [
        {"aspect": each.aspect, "kind": each.kind, "motivation": each.motivation}
        for each in kept.aspects
    ]
    work.insert(position, row)


async def positions_of(rows: Rows, violation_id: UUID) -> int:
    """How often the violation was positioned."""
    return int(await rows.value(_POSITIONS, violation_id=violation_id))


async def kinship_of(rows: Rows, found: Violation) -> Kinship:
    """What makes other violations alike."""
    return Kinship(found.rule, found.nature, await rows.value(_DOMAIN, code=found.nature))


async def earlier_than(rows: Rows, found: Violation) -> list[Earlier]:
    """The violations at the same location before this one."""
    stored = await rows.all(
        _EARLIER,
        location_id=found.location_id,
        violation_id=found.id,
        established_on=found.established_on,
    )
    return [_earlier(row) for row in stored]


def _earlier(row: Row) -> Earlier:
    return Earlier(
        id=row["id"],
        number=row["number"],
        established_on=row["established_on"],
        kinship=Kinship(row["rule"], row["nature"], row["domain"]),
        instruments=tuple(row["instruments"] or ()),
    )
