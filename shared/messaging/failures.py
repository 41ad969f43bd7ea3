"""What a failed handler means: try again, how often, or park."""

import asyncpg

from shared.db.connections import is_connection_lost, took_too_long
from shared.errors import NotFound, Refused, VersionConflict

ATTEMPTS_TRANSIENT = 6
ATTEMPTS_UNKNOWN = 3

# Another transaction was in the way.
_COLLISION = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
)
# The database was short of time or room, or another topic has not brought what this event refers
# to: topics are read independently, so a location may come after the complaint about it.
_TRANSIENT = (
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    TimeoutError,
    NotFound,
    VersionConflict,
)


class PermanentFailureError(Exception):
    """A handler says that this event can never succeed here."""


def must_wait(error: BaseException) -> bool:
    """Whether the database takes nothing now, being out of reach or full: nor could it park."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(must_wait, error.exceptions))
    away = isinstance(error, asyncpg.DiskFullError) or is_connection_lost(error)
    return away and not took_too_long(error)


def ends_session(error: BaseException) -> bool:
    """Whether who leads must open a new session: the database is away, full, or took too long."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(ends_session, error.exceptions))
    slow = isinstance(error, TimeoutError | asyncpg.LockNotAvailableError)
    return slow or took_too_long(error) or must_wait(error)


def is_collision(error: BaseException) -> bool:
    """Whether no event is to blame: the same events, or fewer, may well succeed at the next try."""
    return isinstance(error, _COLLISION) or took_too_long(error)


def is_permanent(error: BaseException) -> bool:
    """Whether trying again would only fail again: bad content, or a rule that says no."""
    refused = isinstance(error, Refused) and not isinstance(error, _TRANSIENT)
    return refused or isinstance(error, PermanentFailureError | ValueError | asyncpg.DataError)


def attempts_for(error: BaseException) -> int:
    """How often an event that fails like this is tried in all before it is parked."""
    if is_collision(error) or isinstance(error, _TRANSIENT):
        return ATTEMPTS_TRANSIENT
    return 1 if is_permanent(error) else ATTEMPTS_UNKNOWN
