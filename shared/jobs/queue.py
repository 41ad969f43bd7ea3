"""Asking for a job: in the commit of the state that needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.ids import new_id
from shared.jobs.kinds import JobKind
from shared.jobs.tables import JOB

_QUEUE_ONE: Final = Query(
    UUID,
    text("""
    INSERT INTO job (id, kind, key, description, parameters, requested_by)
    VALUES (:id, :kind, :key, :description, CAST(:parameters AS jsonb), :actor)
    ON CONFLICT DO NOTHING RETURNING id
    """),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewJob:
    """A job to be done; `description` (Dutch) is what the screens call it.

    Without `due_at` it may begin at once. No personal data: parameters are ids.
    """

    kind: str
    description: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    id: UUID = field(default_factory=new_id)
    due_at: datetime | None = None


def queue(work: UnitOfWork, job: NewJob) -> UUID:
    """Queue the job; it exists when the work is committed. Its id."""
    row = {
        "id": job.id,
        "kind": job.kind,
        "key": job.key,
        "description": job.description,
        "parameters": job.parameters,
        "requested_by": work.actor,
    }
    # Without a moment it is that of the database, which compares it.
    work.insert(JOB, row if job.due_at is None else {**row, "available_at": job.due_at})
    return job.id


async def queue_only(work: UnitOfWork, job: NewJob, *, refusal: str) -> UUID:
    """Queue the job unless one of its kind and key is open. Raises Conflict with the refusal."""
    found = await work.first(
        _QUEUE_ONE,
        id=job.id,
        kind=job.kind,
        key=job.key,
        description=job.description,
        parameters=job.parameters,
        actor=work.actor,
    )
    if found is None:
        raise Conflict(refusal)
    return found


def keep_recurring(work: UnitOfWork, kind: JobKind) -> None:
    """See to it that the row of a recurring job is there."""
    row = {
        "id": new_id(),
        "kind": kind.name,
        "key": kind.name,
        "description": kind.description,
        "recurring": True,
        "requested_by": work.actor,
    }
    work.insert(JOB, row, ignore=True)
