"""Who works at which job: claimed, kept, and given back, by one statement each.

Every statement of a worker names its lease: a worker that lost it changes nothing any more. Moments
are those of the database, so that the clocks of workers do not matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import BigInteger, Boolean, Integer, Text

from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.states import JobState

_CLAIM: Final = """
UPDATE job SET state = 'loopt', lease = :lease, attempts = attempts + 1,
       started_at = CASE WHEN recurring OR started_at IS NULL THEN now() ELSE started_at END,
       available_at = now() + make_interval(secs => CAST(:seconds AS float8))
WHERE {which} AND finished_at IS NULL
RETURNING id, kind, description, parameters, position, step, done, total, attempts,
          cancelled_at IS NOT NULL AS cancelled
"""
_NEXT: Final = """id = (
    SELECT id FROM job
    WHERE finished_at IS NULL AND available_at <= now() AND kind = ANY(CAST(:kinds AS text[]))
    ORDER BY available_at LIMIT 1 FOR UPDATE SKIP LOCKED
)"""
_NOBODY_HAS: Final = "id = :id AND (lease IS NULL OR available_at <= now())"
# Only the first step that moves the position on counts as progress.
_KEEP: Final = """
UPDATE job SET available_at = now() + make_interval(secs => CAST(:seconds AS float8)),
       step = :step, done = :done, total = :total,
       attempts = CASE WHEN position IS DISTINCT FROM CAST(:position AS jsonb) THEN 1
                       ELSE attempts END,
       position = CAST(:position AS jsonb)
WHERE id = :id AND lease = :lease RETURNING cancelled_at IS NOT NULL AS cancelled
"""
_BEAT: Final = """
UPDATE job SET available_at = now() + make_interval(secs => CAST(:seconds AS float8)),
       step = :step, done = :done, total = :total
WHERE id = :id AND lease = :lease RETURNING cancelled_at IS NOT NULL AS cancelled
"""
_END: Final = """
UPDATE job SET state = :state, lease = NULL, finished_at = now(), step = '',
       done = :done, total = :total, result = :result, error = :error
WHERE id = :id AND lease = :lease RETURNING id
"""
# Of a recurring job the row stays, and is due again.
_AGAIN: Final = """
UPDATE job SET state = :state, lease = NULL, step = '', result = coalesce(:result, result),
       error = :error, done = CASE WHEN :anew THEN 0 ELSE CAST(:done AS bigint) END,
       total = CASE WHEN :anew THEN 0 ELSE CAST(:total AS bigint) END,
       position = CASE WHEN :anew THEN NULL ELSE position END,
       attempts = CASE WHEN :anew THEN 0 ELSE attempts END,
       cancelled_at = NULL, cancelled_by = NULL,
       available_at = now() + make_interval(secs => CAST(:seconds AS float8))
WHERE id = :id AND lease = :lease RETURNING id
"""
# Who is told to stop did not fail: the attempt does not count.
_RELEASE: Final = """
UPDATE job SET state = 'wacht', lease = NULL, attempts = attempts - 1, available_at = now(),
       done = :done, total = :total
WHERE id = :id AND lease = :lease RETURNING id
"""


# So long after the last sign of life of its worker a job is for another.
LEASE: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job as its worker found it."""

    id: UUID
    kind: str
    description: str
    parameters: dict[str, Any]
    position: dict[str, Any] | None
    step: str
    done: int
    total: int
    attempts: int
    cancelled: bool


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work at a job, for so long after each sign of life."""

    job_id: UUID
    token: UUID
    lasts: timedelta

    def values(self) -> dict[str, Any]:
        return {"id": self.job_id, "lease": self.token}


def _columns(sql: str) -> Any:
    return text(sql).columns(
        id=Uuid,
        kind=Text,
        description=Text,
        parameters=JSONB,
        position=JSONB,
        step=Text,
        done=BigInteger,
        total=BigInteger,
        attempts=Integer,
        cancelled=Boolean,
    )


_CLAIM_NEXT: Final = Query(Claimed, _columns(_CLAIM.format(which=_NEXT)))
_CLAIM_ONE: Final = Query(Claimed, _columns(_CLAIM.format(which=_NOBODY_HAS)))
_KEPT: Final = Query(bool, text(_KEEP))
_BEATEN: Final = Query(bool, text(_BEAT))
_ENDED: Final = Query(UUID, text(_END))
_DUE_AGAIN: Final = Query(UUID, text(_AGAIN))
_RELEASED: Final = Query(UUID, text(_RELEASE))


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is: what it is at (Dutch), and how many of how many."""

    step: str = ""
    done: int = 0
    total: int = 0

    def values(self) -> dict[str, Any]:
        return {"step": self.step, "done": self.done, "total": self.total}


async def claim(
    work: UnitOfWork, kinds: Sequence[str], token: UUID, lasts: timedelta
) -> Claimed | None:
    """Take the job of these kinds that is due longest, or whose worker is gone."""
    return await work.first(
        _CLAIM_NEXT, kinds=list(kinds), lease=token, seconds=lasts.total_seconds()
    )


async def claim_one(work: UnitOfWork, lease: Lease) -> Claimed | None:
    """Take this job if nobody has it, or its worker is gone."""
    return await work.first(_CLAIM_ONE, **lease.values(), seconds=lease.lasts.total_seconds())


async def keep(
    work: UnitOfWork, lease: Lease, progress: Progress, position: dict[str, Any] | None
) -> bool | None:
    """Save how far it is with what the work did; whether it was cancelled, None: it is lost."""
    return await work.first(
        _KEPT,
        **lease.values(),
        **progress.values(),
        position=position,
        seconds=lease.lasts.total_seconds(),
    )


async def beat(work: UnitOfWork, lease: Lease, progress: Progress) -> bool | None:
    """Say that its worker lives; whether it was cancelled, None: the lease is lost."""
    seconds = lease.lasts.total_seconds()
    return await work.first(_BEATEN, **lease.values(), **progress.values(), seconds=seconds)


async def end(
    work: UnitOfWork,
    lease: Lease,
    progress: Progress,
    state: JobState,
    *,
    result: str | None = None,
    error: str | None = None,
) -> bool:
    """The job has ended; False when the lease is lost."""
    told = {"state": state, "result": result, "error": error}
    values = {"done": progress.done, "total": progress.total}
    return await work.first(_ENDED, **lease.values(), **values, **told) is not None


async def again(
    work: UnitOfWork,
    lease: Lease,
    progress: Progress,
    pause: timedelta,
    *,
    anew: bool,
    result: str | None = None,
    error: str | None = None,
) -> bool:
    """Due again after a pause: `anew` for a next turn, else a next attempt at what is left."""
    told = {
        "state": JobState.QUEUED if anew else JobState.RETRY,
        "result": result,
        "error": error,
        "anew": anew,
        "seconds": pause.total_seconds(),
    }
    values = {"done": progress.done, "total": progress.total}
    return await work.first(_DUE_AGAIN, **lease.values(), **values, **told) is not None


async def release(work: UnitOfWork, lease: Lease, progress: Progress) -> bool:
    """Give the job back as it is, for another worker."""
    values = {"done": progress.done, "total": progress.total}
    return await work.first(_RELEASED, **lease.values(), **values) is not None
