"""Connections to PostgreSQL: when they are lost, and how long to wait before trying again."""

from collections.abc import Iterator
from random import SystemRandom
from typing import Final

import asyncpg

_random: Final = SystemRandom()

_GONE: Final = (
    ConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)

# asyncpg, of a session that the server ended (state 2), before it sees that the socket closed.
_ANNOUNCED: Final = "another operation (2) is in progress"


def is_connection_lost(error: BaseException) -> bool:
    """Whether the server is out of reach, as opposed to having refused something."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(is_connection_lost, error.exceptions))
    if isinstance(error, asyncpg.InterfaceError):
        return any(word in str(error) for word in ("closed", "released back"))
    if isinstance(error, asyncpg.InternalClientError):
        return _ANNOUNCED in str(error)
    return isinstance(error, _GONE) or type(error) is OSError


def can_end_transactions(session: asyncpg.Connection) -> bool:
    """Whether the server ends a transaction that lasts too long (PostgreSQL 17 and later)."""
    return bool(session.get_server_version() >= (17,))


def took_too_long(error: BaseException) -> bool:
    """Whether the server ended the session because its transaction lasted too long."""
    ended = asyncpg.exceptions.TransactionTimeoutError
    return isinstance(error, ended) or isinstance(error.__cause__, ended)


def is_open(session: asyncpg.Connection) -> bool:
    """Whether a session of a pool still stands; the pool takes a broken one back by itself."""
    try:
        return not session.is_closed()
    except asyncpg.InterfaceError:
        return False


def pauses(first: float = 0.2, longest: float = 5.0) -> Iterator[float]:
    """Endless waiting times: doubling, up to the longest, spread so that processes do not march."""
    pause = first
    while True:
        yield pause * _random.uniform(0.75, 1.25)
        pause = min(pause * 2, longest)
