"""Forgets which events a consumer had, once they cannot be delivered again.

An event can come again as long as its topic keeps it (a group whose place is lost starts at the
oldest record), and as long as it stands in the outbox to be published anew. Topics keep everything
unless an installation decides otherwise; so does the inbox.
"""

from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import text

from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import JobKind, recurring
from shared.settings import Settings

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(minutes=5)
CHUNK: Final = 20_000

_PRUNE: Final = text("""
DELETE FROM inbox WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM inbox WHERE handled_at < :before LIMIT :most
)) RETURNING 1
""")


async def prune(work: UnitOfWork, keep: timedelta) -> int:
    """Forget a chunk of what was handled longer ago than this; gives how many."""
    forgotten = len(await work.all(_PRUNE, before=work.now - keep, most=CHUNK))
    if forgotten:
        log.info("inbox pruned", events=forgotten)
    return forgotten


def forgetting(settings: Settings) -> tuple[JobKind, ...]:
    """The recurring job for it; none where everything is remembered."""
    keep = timedelta(days=settings.inbox_keep_days)

    async def turn(work: UnitOfWork) -> None:
        await prune(work, keep)

    return (recurring("inbox-opruimen", "Inbox opruimen", EVERY, turn),) if keep else ()
