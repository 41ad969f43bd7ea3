"""Forgets jobs that are done; one that failed stays until somebody does something with it."""

from datetime import timedelta
from typing import Final

from sqlalchemy import text

from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import JobKind, recurring

CHUNK: Final = 10_000

_FORGET: Final = text("""
DELETE FROM job WHERE id = ANY(ARRAY(
    SELECT id FROM job
    WHERE state IN ('klaar', 'geannuleerd')
      AND requested_at < now() - make_interval(days => CAST(:days AS int))
      AND finished_at < now() - make_interval(days => CAST(:days AS int))
    LIMIT :most
)) RETURNING 1
""")


async def forget(work: UnitOfWork, days: int) -> int:
    """Remove a chunk of what ended longer ago; how many."""
    return len(await work.all(_FORGET, days=days, most=CHUNK))


def forgetting(days: int) -> JobKind:
    """The recurring job that does so."""

    async def turn(work: UnitOfWork) -> bool:
        return await forget(work, days) == CHUNK

    return recurring("taken-opruimen", "Oude taken opruimen", timedelta(hours=1), turn)
