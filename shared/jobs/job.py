"""What a job function is given: its parameters, and units of work under its lease."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from shared.auth.sight import Sight
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.jobs import leases
from shared.jobs.errors import JobCancelledError, LeaseLostError
from shared.jobs.leases import Claimed, Lease, Progress
from shared.settings import Settings

ACTOR = "systeem"


class Job:
    """One job in the hands of one worker.

    A job is a number of steps, each a unit of work of its own. The commit of a step saves the
    position beside what the step did, and only while this worker has the lease: a step is done
    once, whoever dies.
    """

    def __init__(
        self, claimed: Claimed, lease: Lease, database: Database, settings: Settings, kit: Any
    ) -> None:
        self.id: UUID = claimed.id
        self.parameters: Mapping[str, Any] = claimed.parameters
        self.attempts = claimed.attempts
        self.position = claimed.position
        self.database = database
        self.settings = settings
        self.kit = kit
        self.lease = lease
        self.now_at = Progress(claimed.step, claimed.done, claimed.total)
        self.lost = False
        self._cancelled = asyncio.Event()
        if claimed.cancelled:
            self._cancelled.set()

    def progress(self, done: int, total: int) -> None:
        """Tell how far it is; shown within a few seconds, and kept with the next step."""
        self.now_at = replace(self.now_at, done=done, total=total)

    def at(self, step: str) -> None:
        """Tell (Dutch) what it is at."""
        self.now_at = replace(self.now_at, step=step)

    def save(self, position: Mapping[str, Any]) -> None:
        """Where to go on after the step in hand, kept in its commit."""
        self.position = dict(position)

    def check(self) -> None:
        """Raises JobCancelledError when somebody cancelled it, LeaseLostError."""
        self._require_lease()
        if self._cancelled.is_set():
            raise JobCancelledError

    async def cancelled(self) -> None:
        """Wait until somebody cancels it: for a step that can be broken off."""
        await self._cancelled.wait()

    @asynccontextmanager
    async def step(self, *, finishing: bool = False) -> AsyncIterator[UnitOfWork]:
        """A unit of work that commits only while the lease is ours.

        Raises JobCancelledError before it begins, LeaseLostError at its end. What only notes that
        something is done is `finishing`: it is noted even when the job is cancelled.
        """
        if not finishing:
            self.check()
        before = self.position
        try:
            async with self.database.work(ACTOR, sight=Sight.ALL) as work:
                yield work
                self._heard(await leases.keep(work, self.lease, self.now_at, self.position))
                self._require_lease()
        except BaseException:
            self.position = before
            raise

    async def beat(self) -> None:
        """Say that the worker lives; what was asked of the job meanwhile is known after it."""
        async with self.database.work(ACTOR, sight=Sight.ALL) as work:
            self._heard(await leases.beat(work, self.lease, self.now_at))

    def _require_lease(self) -> None:
        if self.lost:
            raise LeaseLostError(f"job {self.id} has another worker")

    def _heard(self, cancelled: bool | None) -> None:
        if cancelled is None:
            self.lost = True
        elif cancelled:
            self._cancelled.set()
