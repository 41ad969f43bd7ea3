"""What people do with a job: cancel it, or have it tried again."""

from typing import Final
from uuid import UUID

from sqlalchemy import text

from shared.db.query import Query
from shared.db.unit_of_work import UnitOfWork
from shared.errors import Conflict
from shared.jobs import standing

# One that runs is told, and ends between two of its steps.
_CANCEL: Final = Query(
    UUID,
    text("""
    UPDATE job SET cancelled_at = now(), cancelled_by = :actor,
           state = CASE WHEN lease IS NULL THEN 'geannuleerd' ELSE state END,
           finished_at = CASE WHEN lease IS NULL THEN now() END
    WHERE id = :id AND cancelled_at IS NULL AND state IN ('wacht', 'loopt', 'mislukt',
          'wacht op nieuwe poging') AND (lease IS NOT NULL OR NOT recurring)
    RETURNING id
    """),
)
_RETRY: Final = Query(
    UUID,
    text("""
    UPDATE job SET state = 'wacht', attempts = 0, available_at = now(), finished_at = NULL,
           cancelled_at = NULL, cancelled_by = NULL
    WHERE id = :id AND (state IN ('mislukt', 'geannuleerd', 'wacht op nieuwe poging')
                        OR recurring AND state = 'wacht')
      AND NOT EXISTS (SELECT FROM job AS o WHERE o.kind = job.kind AND o.key = job.key
                      AND o.finished_at IS NULL AND o.id <> job.id)
    RETURNING id
    """),
)


async def cancel(work: UnitOfWork, job_id: UUID) -> None:
    """Cancel it: at once where it waits or failed, else after its step. Raises NotFound, Conflict.

    Of a recurring job the turn in hand is cancelled, not the next.
    """
    if await work.first(_CANCEL, id=job_id, actor=work.actor) is None:
        found = await standing.one(work, job_id)
        raise Conflict(f"Deze taak is niet te annuleren: zij is {found.state}.")


async def retry(work: UnitOfWork, job_id: UUID) -> None:
    """Try again now, from where it was, with all its attempts. Raises NotFound, Conflict."""
    if await work.first(_RETRY, id=job_id) is None:
        found = await standing.one(work, job_id)
        raise Conflict(
            f"Deze taak is niet opnieuw te proberen: zij is {found.state}, of een andere van "
            "haar soort is nog bezig."
        )
