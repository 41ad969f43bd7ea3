"""Violations and their positions: locked and written."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import bindparam, func, select

from services.enforcement.violations.domain import Position, Violation
from services.enforcement.violations.tables import position, violation
from shared.auth.sight import Sight
from shared.db.filters import equals
from shared.db.query import Query
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.db.values import columns_of, values_of
from shared.errors import require_version

_LOCK: Final = Query(
    Violation,
    select(*columns_of(Violation, violation))
    .where(violation.c.id == bindparam("id"), visible(violation))
    .with_for_update(),
)
_POSITIONS: Final = Query(
    int, select(func.count()).where(equals(position.c.violation_id, "violation_id"))
)


async def lock(
    work: UnitOfWork, violation_id: UUID, sight: Sight, version: int | None = None
) -> Violation:
    """The violation, locked until the work ends. Raises NotFound, VersionConflict."""
    found = await work.one(_LOCK, "Deze overtreding", id=violation_id, sight=sight)
    require_version("De overtreding", expected=version, found=found.version)
    return found


async def count_positions(work: UnitOfWork, violation_id: UUID) -> int:
    """How often the violation was positioned."""
    return await work.value(_POSITIONS, violation_id=violation_id) or 0


def add(work: UnitOfWork, new: Violation, *, due_on: date | None = None) -> None:
    """Queue a new violation, with the day on which its first clock ends."""
    work.insert(violation, {**values_of(new), "due_on": due_on})


def save(work: UnitOfWork, changed: Violation) -> None:
    """Queue what changed."""
    values = values_of(changed)
    work.update(violation, key={"id": values.pop("id")}, values=values)


def save_due(work: UnitOfWork, violation_id: UUID, due_on: date | None) -> None:
    """Queue the day on which its first running clock ends."""
    work.update(violation, key={"id": violation_id}, values={"due_on": due_on})


def add_position(work: UnitOfWork, kept: Position) -> None:
    """Queue a positioning."""
    row: dict[str, Any] = values_of(kept)
    work.insert(position, {**row, "aspects": [values_of(each) for each in kept.aspects]})
