"""How jobs stand: lists for the screens, one job, and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text

from shared.db.listing import Listing, Page, Start
from shared.db.query import Query
from shared.db.rows import Rows
from shared.jobs.states import ENDED, JobState
from shared.jobs.tables import JOB

# Those that are done are many, and nobody waits for them.
COUNTED: Final = (JobState.QUEUED, JobState.RUNNING, JobState.RETRY, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class JobRow:
    """A job as people see it."""

    id: UUID
    kind: str
    description: str
    recurring: bool
    state: JobState
    step: str
    done: int
    total: int
    attempts: int
    result: str | None
    error: str | None
    requested_by: str
    requested_at: datetime
    available_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    cancelled_at: datetime | None
    cancelled_by: str | None

    @property
    def is_open(self) -> bool:
        """Whether it may change by itself."""
        return self.state not in ENDED

    @property
    def may_be_cancelled(self) -> bool:
        """A recurring job only in the middle of a turn: the next one comes all the same."""
        if self.recurring:
            return self.state == JobState.RUNNING and self.cancelled_at is None
        asked = self.cancelled_at is not None
        return not asked and self.state not in {JobState.DONE, JobState.CANCELLED}

    @property
    def may_be_retried(self) -> bool:
        """Whether it may be tried again now."""
        if self.recurring and self.state == JobState.QUEUED:
            return True
        return self.state in {JobState.FAILED, JobState.CANCELLED, JobState.RETRY}


@dataclass(frozen=True, slots=True)
class Count:
    """Jobs of one kind in one state, and how long the oldest of them is due (seconds)."""

    kind: str
    state: JobState
    jobs: int
    late: float


_ALL: Final = select(*(JOB.c[name] for name in JobRow.__dataclass_fields__))
_ONE: Final = Query(JobRow, _ALL.where(JOB.c.id == bindparam("id")))
_REQUESTED: Final = Query(
    UUID,
    select(JOB.c.id).where(JOB.c.id == bindparam("id"), JOB.c.requested_by == bindparam("subject")),
)
_LIST: Final = Listing(
    JobRow,
    _ALL,
    filters={
        "states": JOB.c.state == func.any(bindparam("states", type_=ARRAY(Text))),
        "kind": JOB.c.kind == bindparam("kind", type_=Text),
    },
    order=(JOB.c.requested_at, JOB.c.id),
    descending=True,
)
_COUNTS: Final = Query(
    Count,
    text("""
    SELECT kind, state, count(*) AS jobs,
           CAST(greatest(extract(epoch FROM now() - min(available_at)), 0) AS float8) AS late
    FROM job WHERE finished_at IS NULL GROUP BY kind, state
    UNION ALL
    SELECT kind, state, count(*), 0 FROM job WHERE state = 'mislukt' GROUP BY kind, state
    """),
)


async def one(rows: Rows, job_id: UUID) -> JobRow:
    """One job. Raises NotFound."""
    return await rows.one(_ONE, "Deze taak", id=job_id)


async def is_of(rows: Rows, job_id: UUID, subject: str) -> bool:
    """Whether there is such a job, and this caller asked for it."""
    return await rows.first(_REQUESTED, id=job_id, subject=subject) is not None


async def listed(
    rows: Rows, start: Start, *, states: Sequence[JobState] | None = None, kind: str | None = None
) -> Page[JobRow]:
    """Jobs, the last first."""
    named = None if states is None else [str(state) for state in states]
    return await _LIST.page(rows, start, states=named, kind=kind)


async def counts(rows: Rows) -> list[Count]:
    """What waits, runs and failed, by kind."""
    return await rows.all(_COUNTS)
