"""Errors of the database as the driver raises them."""

import asyncpg


def ended_by_its_length() -> BaseException:
    """What comes when the server ends a session because its transaction lasted too long."""
    error: BaseException = asyncpg.ConnectionDoesNotExistError(
        "connection was closed in the middle of operation"
    )
    error.__cause__ = asyncpg.exceptions.TransactionTimeoutError("terminating connection")
    return error
