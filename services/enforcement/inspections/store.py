"""Inspections and their findings: locked and written."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Text, Uuid, bindparam, column, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from services.enforcement.inspections.domain import Finding, Inspection
from services.enforcement.inspections.tables import finding, inspection
from shared.auth.sight import Sight
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.sight import visible
from shared.db.unit_of_work import UnitOfWork
from shared.db.values import columns_of, values_of
from shared.errors import require_version

_LOCK: Final = Query(
    Inspection,
    select(*columns_of(Inspection, inspection))
    .where(inspection.c.id == bindparam("id"), visible(inspection))
    .with_for_update(),
)
_REQUESTED: Final = Query(
    UUID,
    select(inspection.c.request_id).where(
        inspection.c.request_id == func.any(bindparam("ids", type_=ARRAY(Uuid)))
    ),
)
_TOLD = (
    func.unnest(bindparam("ids", type_=ARRAY(Uuid)), bindparam("participants", type_=ARRAY(Text)))
    .table_valued(column("id", Uuid), column("participant", Text), name="told")
    .render_derived()
)
_ADOPT: Final = (
    update(inspection)
    .where(inspection.c.participant.is_(None), inspection.c.location_id == _TOLD.c.id)
    .values(participant=_TOLD.c.participant)
)


async def lock(
    work: UnitOfWork, inspection_id: UUID, sight: Sight, version: int | None = None
) -> Inspection:
    """The inspection, locked until the work ends. Raises NotFound, VersionConflict."""
    found = await work.one(_LOCK, "Deze controle", id=inspection_id, sight=sight)
    require_version("De controle", expected=version, found=found.version)
    return found


async def requested(rows: Rows, request_ids: list[UUID]) -> set[UUID]:
    """Which of these requests have their inspection."""
    return set(await rows.all(_REQUESTED, ids=request_ids))


async def adopt(work: UnitOfWork, participants: Mapping[UUID, str | None]) -> None:
    """Give the inspections at these locations that have no participant theirs."""
    await work.execute(_ADOPT, ids=list(participants), participants=list(participants.values()))


def add(work: UnitOfWork, new: Inspection, *, source_key: str | None = None) -> None:
    """Queue a new inspection; `source_key` is its key in the system it comes from."""
    work.insert(inspection, {**_values(new, work.today), "source_key": source_key})


def save(work: UnitOfWork, changed: Inspection) -> None:
    """Queue what changed."""
    values = _values(changed, work.today)
    if changed.planned_on is None and changed.completed_on is None:
        del values["listed_on"]
    work.update(inspection, key={"id": values.pop("id")}, values=values)


def _values(one: Inspection, today: date) -> dict[str, Any]:
    return {**values_of(one), "listed_on": one.completed_on or one.planned_on or today}


def add_finding(work: UnitOfWork, inspection_id: UUID, new: Finding, by: str) -> None:
    """Queue a new finding, or the next version of one that is not final."""
    work.insert(finding, _finding(work, inspection_id, new, by))


def link_finding(work: UnitOfWork, inspection_id: UUID, found: Finding, violation_id: UUID) -> None:
    """Queue that the finding established this violation."""
    key = {
        "inspection_id": inspection_id,
        "sequence": found.sequence,
        "version": found.version,
    }
    work.update(finding, key=key, values={"violation_id": violation_id})


def _finding(work: UnitOfWork, inspection_id: UUID, values: Finding, by: str) -> dict[str, Any]:
    return {
        "inspection_id": inspection_id,
        **values_of(values),
        "recorded_at": work.now,
        "recorded_by": by,
    }
