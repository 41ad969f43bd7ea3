"""What a failed handler means: try again, how often, or park."""

import asyncpg

from shared.errors import NotFound, Refused, VersionConflict

ATTEMPTS_TRANSIENT = 6
ATTEMPTS_UNKNOWN = 3

# Another transaction was in the way, or another topic has not brought what this event refers to.
_TRANSIENT = (
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    TimeoutError,
    NotFound,
    VersionConflict,
)


class PermanentFailureError(Exception):
    """A handler says that this event can never succeed here."""


def is_permanent(error: BaseException) -> bool:
    """Whether trying again would only fail again: bad content, or a rule that says no."""
    refused = isinstance(error, Refused) and not isinstance(error, _TRANSIENT)
    return refused or isinstance(error, PermanentFailureError | ValueError)


def attempts_for(error: BaseException) -> int:
    """How often an event that fails like this is tried in all before it is parked."""
    if isinstance(error, _TRANSIENT):
        return ATTEMPTS_TRANSIENT
    return 1 if is_permanent(error) else ATTEMPTS_UNKNOWN
