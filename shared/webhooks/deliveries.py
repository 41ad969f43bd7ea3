"""Delivers events to subscribers: each in order, none held up by another, at least once.

The place of a subscription moves in the commit that logs the delivery, and only while the session
that gave us the lead holds it. Of a process that dies between the two, or loses the lead with a
request on its way, the next delivers that one event again, with the same id.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import structlog

from shared.auth.sight import Sight
from shared.crypto import Vault
from shared.db.database import Database
from shared.db.rows import Row
from shared.messaging.failures import must_wait
from shared.webhooks import metrics, store
from shared.webhooks.outcome import Answer, Schedule
from shared.webhooks.run import ACTOR, Means, Run
from shared.webhooks.sender import Sender
from shared.webhooks.states import SubscriptionState

log = structlog.get_logger(__name__)

LEAVE_WITHIN: Final = 5.0
TIDY_EVERY: Final = timedelta(minutes=10)
COUNT_EVERY: Final = timedelta(seconds=15)
TIDY_CHUNK: Final = 5_000


class Place(NamedTuple):
    """How far a subscription is that has got everything, and its version of then."""

    row: Row
    cursor: int


class Deliveries:
    """The deliveries of one service."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        vault: Callable[[], Vault],
        service: str,
        *,
        schedule: Schedule | None = None,
        keep_log: timedelta = timedelta(days=30),
    ) -> None:
        self._means = Means(database, sender, vault, service, schedule or Schedule())
        self._keep_log = keep_log
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._done: dict[UUID, Place] = {}
        self._broken: Exception | None = None
        self._tidy_at = self._count_at = self._means.now()

    @property
    def busy(self) -> bool:
        """Whether something is being delivered."""
        return bool(self._running)

    def lead(self, pid: int) -> None:
        """Deliver from here on, as long as the session with this process id holds the lead."""
        self._means.leader = pid

    async def follow(self, decided: int) -> None:
        """Start on every subscription that is due and has something to get.

        Raises what a delivery died of, other than a database that is away.
        """
        if self._broken is not None:
            raise self._broken
        if self._means.leaving.is_set():
            return
        now = self._means.now()
        async with self._means.database.read(Sight.ALL) as rows:
            due = await store.due(rows, now)
        for row in due:
            if row["id"] not in self._running and self._has_work(row, decided):
                self._start(self._from_where_it_was(row))
        if now >= self._count_at:
            await self._count(now)
        if now >= self._tidy_at:
            await self._tidy(now)

    async def leave(self) -> None:
        """Finish the requests in hand; what takes too long is delivered again by the next."""
        self._means.leaving.set()
        tasks = list(self._running.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=LEAVE_WITHIN)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._means.sender.close()
        self._done.clear()
        self._means.unnoted.clear()
        self._means.leaving = asyncio.Event()

    def _has_work(self, row: Row, decided: int) -> bool:
        if row["state"] == SubscriptionState.REQUESTED:
            return True
        place = self._place_of(row)
        return place is None or place.cursor < decided

    def _place_of(self, row: Row) -> Place | None:
        """Where it was, unless somebody changed it since."""
        place = self._done.get(row["id"])
        return place if place and place.row["changed_at"] == row["changed_at"] else None

    def _from_where_it_was(self, row: Row) -> Row:
        place = self._place_of(row)
        return row if place is None else {**row, "position": place.cursor}

    def _start(self, row: Row) -> None:
        identity = row["id"]
        task = asyncio.create_task(self._serve(row), name=f"deliveries {identity}")
        self._running[identity] = task
        task.add_done_callback(lambda _: self._running.pop(identity))

    async def _serve(self, row: Row) -> None:
        """One turn of one subscription, whatever comes of it."""
        try:
            cursor = await self._turn(row)
        except Exception as error:  # noqa: BLE001 - raised where the worker is: in `follow`
            if must_wait(error):
                log.warning("delivery lost its database", error=str(error))
            else:
                self._broken = error
            return
        self._done.pop(row["id"], None)
        if cursor is not None:
            self._done[row["id"]] = Place(row, cursor)

    async def _turn(self, row: Row) -> int | None:
        """Deliver until it has all there is or an attempt fails; gives how far it got all."""
        try:
            return await Run(self._means, row).go()
        except Exception as error:
            if must_wait(error):
                raise
            # One subscription must not end the others: it fails, visibly, and is tried again.
            log.exception("delivery failed", subscription=str(row["id"]))
            answer = Answer(0, error=f"Interne fout: {type(error).__name__}.")
        await Run(self._means, row).failed(answer)
        return None

    async def _tidy(self, now: datetime) -> None:
        """Store places, and remove old lines of the log."""
        self._tidy_at = now + TIDY_EVERY
        async with self._means.database.work(actor=ACTOR, sight=Sight.ALL) as work:
            for place in self._done.values():
                await store.move(work, place.row, place.cursor)
            await store.forget(work, now - self._keep_log, TIDY_CHUNK)

    async def _count(self, now: datetime) -> None:
        """Count what is in trouble, for who watches."""
        self._count_at = now + COUNT_EVERY
        async with self._means.database.read(Sight.ALL) as rows:
            counted = await store.trouble(rows)
        metrics.webhook_suspended.labels(self._means.service).set(counted["suspended"])
        metrics.webhook_failing.labels(self._means.service).set(counted["failing"])
