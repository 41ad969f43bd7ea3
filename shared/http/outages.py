"""When the database cannot do its work: not the fault of a request, and it passes."""

from typing import Final

import asyncpg

from shared.db.connections import is_connection_lost, took_too_long

FULL: Final = (
    "De opslag is vol; er is niets opgeslagen. Een beheerder moet ruimte maken. Probeer het daarna "
    "opnieuw."
)
# Who lost the connection in the middle of a commit does not know what became of it.
AWAY: Final = (
    "De database is even niet bereikbaar. Probeer het zo opnieuw; met dezelfde Idempotency-Key "
    "wordt niets dubbel opgeslagen."
)
SLOW: Final = (
    "De database antwoordt niet op tijd. Probeer het zo opnieuw; met dezelfde Idempotency-Key "
    "wordt niets dubbel opgeslagen."
)
TITLE: Final = "Tijdelijk niet beschikbaar"
CODE: Final = "tijdelijk-niet-beschikbaar"
RETRY_AFTER: Final = 30


def outage_of(error: BaseException) -> str | None:
    """What to tell the caller, in Dutch; None for an error that is none of these."""
    if isinstance(error, asyncpg.DiskFullError):
        return FULL
    if took_too_long(error) or isinstance(error, TimeoutError | asyncpg.LockNotAvailableError):
        return SLOW
    return AWAY if is_connection_lost(error) else None
