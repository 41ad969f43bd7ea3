"""A rebuild is a job: asked for by a screen, or asked for and done by the command."""

from typing import Final
from uuid import UUID, uuid4

from sqlalchemy import text

from shared.db.listing import Page
from shared.db.query import Query
from shared.db.rows import Rows
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.jobs import leases, standing
from shared.jobs.leases import LEASE, Claimed, Lease
from shared.jobs.queue import NewJob, queue_only
from shared.jobs.standing import JobRow
from shared.jobs.states import ENDED, OPEN
from shared.rebuild.projection import Projection

KIND: Final = "herbouw"
BUSY: Final = "Er loopt al een herbouw in deze dienst, of er wacht er een."
_OPEN_ONE: Final = Query(
    UUID,
    text("""
    SELECT id FROM job WHERE kind = 'herbouw' AND key = 'herbouw' AND finished_at IS NULL
      AND parameters ->> 'projection' = :projection
    """),
)


class _First:
    """The first page of a list."""

    after: Final = None

    def __init__(self, limit: int) -> None:
        self.limit = limit


async def request(work: UnitOfWork, projection: Projection) -> UUID:
    """Ask for a rebuild; a worker takes it up. Raises Conflict while one of the service is open."""
    job = NewJob(
        kind=KIND,
        key=KIND,
        description=f"Herbouw: {projection.title}",
        parameters={"projection": projection.name},
    )
    return await queue_only(work, job, refusal=BUSY)


async def take(work: UnitOfWork, projection: Projection) -> tuple[Claimed, Lease]:
    """A rebuild in the hands of who asks: a new one, or one that nobody is at. Raises Conflict."""
    found = await work.first(_OPEN_ONE, projection=projection.name)
    lease = Lease(found or await request(work, projection), uuid4(), LEASE)
    claimed = await leases.claim_one(work, lease)
    if claimed is None:
        raise Conflict(BUSY)
    return claimed, lease


async def open_one(rows: Rows) -> JobRow | None:
    """The rebuild that waits or runs."""
    return next(iter(await standing.listed(rows, _First(1), states=OPEN, kind=KIND)), None)


async def ended(rows: Rows, most: int) -> Page[JobRow]:
    """The rebuilds of before, the last first, as long as jobs are kept."""
    return await standing.listed(rows, _First(most), states=ENDED, kind=KIND)
