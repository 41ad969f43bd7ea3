"""The table of jobs, in the database of each service."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from shared.db.columns import moment, one_of
from shared.jobs.states import ENDED, JobState

# Each row is updated several times: with the default of 20 % the dead would outnumber the living.
BUSY: Final = {"autovacuum_vacuum_scale_factor": 0.02, "autovacuum_vacuum_threshold": 1000}


def job_table(metadata: MetaData) -> Table:
    """Define the table in the metadata of one service.

    `available_at` is when a worker may take the job: when it is due or, while it runs, when the
    lease of its worker ends. No personal data in it: parameters hold ids.
    """
    ended = ", ".join(f"'{state}'" for state in ENDED)
    table = Table(
        "job",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("kind", Text, nullable=False),
        # Of one kind and key one job at a time is open; without a key as many as there are.
        Column("key", Text),
        Column("description", Text, nullable=False),
        Column("parameters", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
        Column("recurring", Boolean, nullable=False, server_default=text("false")),
        Column("state", Text, nullable=False, server_default=text(f"'{JobState.QUEUED}'")),
        Column("position", JSONB),
        Column("step", Text, nullable=False, server_default=text("''")),
        Column("done", BigInteger, nullable=False, server_default=text("0")),
        Column("total", BigInteger, nullable=False, server_default=text("0")),
        Column("attempts", Integer, nullable=False, server_default=text("0")),
        Column("result", Text),
        Column("error", Text),
        Column("requested_by", Text, nullable=False),
        _now("requested_at"),
        _now("available_at"),
        Column("lease", Uuid),
        moment("started_at", nullable=True),
        moment("finished_at", nullable=True),
        moment("cancelled_at", nullable=True),
        Column("cancelled_by", Text),
        one_of("state", JobState, "job_state"),
        CheckConstraint(f"(state IN ({ended})) = (finished_at IS NOT NULL)", name="job_ended"),
        CheckConstraint(f"(state = '{JobState.RUNNING}') = (lease IS NOT NULL)", name="job_leased"),
        postgresql_with=BUSY,
    )
    is_open = table.c.finished_at.is_(None)
    Index("job_available", table.c.available_at, postgresql_where=is_open)
    named = and_(is_open, table.c.key.is_not(None))
    Index("job_one_open", table.c.kind, table.c.key, unique=True, postgresql_where=named)
    Index("job_by_state", table.c.state, table.c.requested_at, table.c.id)
    return table


def _now(name: str) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=False, server_default=func.now())


# Only to name the columns; every service has its own table of this shape.
JOB: Final = job_table(MetaData())
