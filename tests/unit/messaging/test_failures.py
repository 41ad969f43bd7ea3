"""What is tried again, and how often."""

from itertools import islice

import asyncpg
import pytest

from shared.db.connections import is_connection_lost, pauses
from shared.errors import Conflict, Forbidden, NotAllowed, NotFound, VersionConflict
from shared.messaging.failures import (
    PermanentFailureError,
    attempts_for,
    ends_session,
    is_collision,
    must_wait,
)
from tests.support.outages import ended_by_its_length


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (asyncpg.SerializationError("x"), 6),
        (asyncpg.DeadlockDetectedError("x"), 6),
        (asyncpg.LockNotAvailableError("x"), 6),
        (TimeoutError("x"), 6),
        (NotFound("x"), 6),
        (VersionConflict("x", expected=1, found=2), 6),
        (NotAllowed("x", article="Awb 1:1"), 1),
        (Conflict("x"), 1),
        (PermanentFailureError("x"), 1),
        (ValueError("x"), 1),
        (Forbidden("x"), 1),
        (asyncpg.NumericValueOutOfRangeError("x"), 1),
        (asyncpg.OutOfMemoryError("x"), 6),
        (asyncpg.ForeignKeyViolationError("x"), 3),
        (asyncpg.UniqueViolationError("x"), 3),
        (KeyError("x"), 3),
        (ended_by_its_length(), 6),
    ],
)
def test_how_often_a_failure_is_tried(error: BaseException, attempts: int) -> None:
    assert attempts_for(error) == attempts


@pytest.mark.parametrize(
    ("error", "lost"),
    [
        (ConnectionRefusedError(), True),
        (OSError("Multiple exceptions"), True),
        (asyncpg.ConnectionDoesNotExistError("x"), True),
        (asyncpg.CannotConnectNowError("starting up"), True),
        (asyncpg.AdminShutdownError("x"), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("another operation is in progress"), False),
        (FileNotFoundError(), False),
        (TimeoutError(), False),
        (ExceptionGroup("x", [ConnectionResetError(), asyncpg.AdminShutdownError("x")]), True),
        (ExceptionGroup("x", [ConnectionResetError(), KeyError("x")]), False),
        (asyncpg.UniqueViolationError("x"), False),
    ],
)
def test_when_the_database_is_out_of_reach(error: BaseException, lost: bool) -> None:
    assert is_connection_lost(error) is lost


@pytest.mark.parametrize(
    ("error", "waits"),
    [
        (asyncpg.DiskFullError("x"), True),
        (ConnectionResetError(), True),
        (ExceptionGroup("x", [asyncpg.DiskFullError("x"), ConnectionResetError()]), True),
        (ExceptionGroup("x", [asyncpg.DiskFullError("x"), KeyError("x")]), False),
        (asyncpg.OutOfMemoryError("x"), False),
        (asyncpg.SerializationError("x"), False),
        (NotFound("x"), False),
        (ended_by_its_length(), False),
    ],
)
def test_when_nothing_can_be_stored_not_even_on_the_parking(
    error: BaseException, waits: bool
) -> None:
    assert must_wait(error) is waits


def test_when_no_event_is_to_blame() -> None:
    for error in (asyncpg.DeadlockDetectedError("x"), ended_by_its_length()):
        assert is_collision(error)
    assert not is_collision(asyncpg.ConnectionDoesNotExistError("x"))


def test_when_who_leads_begins_again() -> None:
    slow = (TimeoutError(), asyncpg.LockNotAvailableError("x"), ended_by_its_length())
    for error in (*slow, ConnectionResetError()):
        assert ends_session(error)
        assert ends_session(ExceptionGroup("x", [error, asyncpg.DiskFullError("x")]))
    assert not ends_session(asyncpg.UndefinedTableError("x"))
    assert not ends_session(ExceptionGroup("x", [TimeoutError(), KeyError("x")]))


def test_pauses_double_up_to_the_longest() -> None:
    waits = list(islice(pauses(0.2, 5.0), 8))
    for wait, middle in zip(waits, (0.2, 0.4, 0.8, 1.6, 3.2, 5, 5, 5), strict=True):
        assert 0.75 * middle <= wait <= 1.25 * middle
