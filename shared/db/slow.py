"""Statements are watched: each has its span, and one that takes long is named in the log.

Their text and time, never their values.
"""

import time
from collections.abc import Awaitable
from typing import TypeVar

import structlog

from shared.tracing import database_span

log = structlog.get_logger(__name__)

T = TypeVar("T")
SHOWN = 400


class SlowStatements:
    """Watches statements; one that takes longer than the limit is logged."""

    def __init__(self, milliseconds: int = 250) -> None:
        self._limit = milliseconds / 1000

    async def watch(self, kind: str, sql: str, answer: Awaitable[T]) -> T:
        """The answer of a statement that reads or writes."""
        start = time.perf_counter()
        try:
            with database_span(kind, sql):
                return await answer
        finally:
            if (took := time.perf_counter() - start) > self._limit:
                log.warning("slow statement", milliseconds=round(took * 1000), sql=sql[:SHOWN])
