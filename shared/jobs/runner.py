"""The part of a worker that does jobs: a few at once, over connections of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

import structlog

from shared.auth.sight import Sight
from shared.db.connections import is_connection_lost
from shared.db.database import Database
from shared.jobs import leases, metrics, standing
from shared.jobs.job import ACTOR, Job
from shared.jobs.kinds import JobKind
from shared.jobs.leases import LEASE, Lease
from shared.jobs.queue import keep_recurring
from shared.jobs.running import run_job
from shared.jobs.states import JobState
from shared.settings import Settings

log = structlog.get_logger(__name__)

# An indexed question that finds nothing; a notification at each commit would cost writers more.
LOOK_EVERY: Final = 1.0
MEASURE_EVERY: Final = 15.0


class JobRunner:
    """Looks for jobs of one service and does them; of several workers each takes its own."""

    def __init__(
        self,
        service: str,
        database: Database,
        kinds: Iterable[JobKind],
        settings: Settings,
        kit: Any,
        *,
        lease: timedelta = LEASE,
        look_every: float = LOOK_EVERY,
    ) -> None:
        """Raises ValueError for two kinds of one name."""
        self._service = service
        self._database = database
        listed = tuple(kinds)
        self._kinds = {kind.name: kind for kind in listed}
        if len(self._kinds) != len(listed):
            raise ValueError("two kinds of job have the same name")
        self._settings = settings
        self._kit = kit
        self._lasts = lease
        self._look_every = look_every
        self._running: dict[asyncio.Task[Any], str] = {}
        self._measured = -MEASURE_EVERY
        self._begun = False

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop; what runs then is given back."""
        told = asyncio.create_task(stop.wait())
        try:
            while not stop.is_set():
                await self._look()
                waiting = {told, *self._running}
                await asyncio.wait(
                    waiting, timeout=self._look_every, return_when=asyncio.FIRST_COMPLETED
                )
        finally:
            told.cancel()
            await self._give_back()

    async def run_due(self) -> None:
        """Do what is due now, and what becomes due by that; then stop."""
        await self._begin()
        while True:
            while (kinds := self._free()) and await self._take(kinds):
                continue
            if not self._running:
                return
            await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
            self._reap()

    async def _look(self) -> None:
        """Take as many jobs as there is room for."""
        self._reap()
        try:
            await self._begin()
            while kinds := self._free():
                if not await self._take(kinds):
                    break
            await self._measure()
        except Exception as error:
            if not (is_connection_lost(error) or isinstance(error, TimeoutError)):
                raise
            log.warning("jobs lost their database", service=self._service, error=str(error))

    async def _begin(self) -> None:
        if self._begun:
            return
        async with self._database.work(ACTOR, sight=Sight.ALL) as work:
            for kind in self._kinds.values():
                if kind.every is not None:
                    keep_recurring(work, kind)
        self._begun = True

    def _free(self) -> list[str]:
        """The kinds of which another job may begin."""
        if len(self._running) >= self._settings.jobs_at_once:
            return []
        busy = Counter(self._running.values())
        return [name for name, kind in self._kinds.items() if busy[name] < kind.at_once]

    async def _take(self, kinds: list[str]) -> bool:
        token = uuid4()
        async with self._database.work(ACTOR, sight=Sight.ALL) as work:
            claimed = await leases.claim(work, kinds, token, self._lasts)
        if claimed is None:
            return False
        lease = Lease(claimed.id, token, self._lasts)
        job = Job(claimed, lease, self._database, self._settings, self._kit)
        running = run_job(self._service, self._kinds[claimed.kind], job)
        task = asyncio.create_task(running, name=f"job {claimed.kind}")
        self._running[task] = claimed.kind
        return True

    def _reap(self) -> None:
        """Forget what is done; what could not be noted is for the log, its lease ends by itself."""
        for task in [task for task in self._running if task.done()]:
            kind = self._running.pop(task)
            if task.cancelled() or (error := task.exception()) is None:
                continue
            log.error("the end of a job is not noted", kind=kind, error=repr(error))

    async def _give_back(self) -> None:
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running)
        self._reap()

    async def _measure(self) -> None:
        if time.monotonic() - self._measured < MEASURE_EVERY:
            return
        self._measured = time.monotonic()
        async with self._database.read(Sight.ALL) as rows:
            found = {(line.kind, line.state): line for line in await standing.counts(rows)}
        for kind in {*self._kinds, *(kind for kind, _ in found)}:
            for state in standing.COUNTED:
                line = found.get((kind, state))
                metrics.jobs.labels(self._service, kind, state).set(line.jobs if line else 0)
            queued = [found.get((kind, state)) for state in (JobState.QUEUED, JobState.RETRY)]
            late = max((line.late for line in queued if line), default=0.0)
            metrics.jobs_late.labels(self._service, kind).set(late)
