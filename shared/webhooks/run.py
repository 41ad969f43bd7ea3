"""One subscription whose turn it is: consent first, then event after event."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.auth.sight import Sight
from shared.crypto import Vault
from shared.db.database import Database
from shared.db.rows import Row
from shared.errors import Gone
from shared.webhooks import feed, metrics, store
from shared.webhooks.attempts import Entry, Lead, Noted, note
from shared.webhooks.feed import FeedEvent, FeedPage, Wanted
from shared.webhooks.outcome import (
    Answer,
    Outcome,
    Schedule,
    Standing,
    judge,
    judge_handshake,
    per_minute,
)
from shared.webhooks.secrets import receiver_of
from shared.webhooks.sender import Receiver, Sender
from shared.webhooks.states import AttemptKind, SubscriptionState

BATCH: Final = 50
AT_ONCE: Final = 32
# So many events that are not for a subscriber are skipped before its place is stored.
MOVE_AFTER: Final = 1_000
ACTOR: Final = "aflevering"


@dataclass(slots=True)
class Means:
    """What deliveries of one service share."""

    database: Database
    sender: Sender
    vault: Callable[[], Vault]
    service: str
    schedule: Schedule
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    leaving: asyncio.Event = field(default_factory=asyncio.Event)
    leader: int = 0
    # Attempts that the database could not take: noted before anything else is sent.
    unnoted: dict[UUID, Entry] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.database.clock.now()


class Run:
    """One turn of one subscription."""

    def __init__(self, means: Means, row: Row) -> None:
        self._means = means
        self._row = dict(row)

    async def go(self) -> int | None:
        """Deliver all there is; gives how far, or None when an attempt failed or we must leave."""
        if (entry := self._means.unnoted.get(self._row["id"])) is not None:
            await self._note(entry)
            return None
        receiver = receiver_of(self._means.vault(), self._row)
        if self._row["state"] == SubscriptionState.REQUESTED and not await self._agreed(receiver):
            return None
        while not self._means.leaving.is_set():
            page = await self._page()
            if not await self._deliver_all(receiver, page):
                return None
            await self._pass(page)
            if not page.more:
                return page.cursor
        return None

    async def failed(self, answer: Answer) -> None:
        """Log an attempt that failed before anything was sent."""
        asking = self._row["state"] == SubscriptionState.REQUESTED
        kind = AttemptKind.HANDSHAKE if asking else AttemptKind.DELIVERY
        await self._note(Entry(kind=kind, answer=answer, outcome=self._outcome(answer)))

    async def _agreed(self, receiver: Receiver) -> bool:
        means = self._means
        async with means.slots:
            answer = await means.sender.ask(receiver)
        origin = means.sender.origin
        outcome = judge_handshake(answer, origin, self._standing, means.now(), means.schedule)
        if not outcome.delivered and answer.error is None:
            reason = f"Het antwoord noemt {origin} niet in WebHook-Allowed-Origin."
            answer = answer._replace(error=reason)
        self._row["per_minute"] = rate = per_minute(answer)
        kind = AttemptKind.HANDSHAKE
        kept = await self._note(Entry(kind=kind, answer=answer, outcome=outcome, rate=rate))
        return kept and outcome.delivered

    async def _page(self) -> FeedPage:
        """The next events; when some are not kept any longer, the log says so and it goes on."""
        wanted = Wanted(store.sight_of(self._row), self._row["types"])
        async with self._means.database.read(Sight.ALL) as rows:
            try:
                return await feed.page(rows, wanted, after=self._row["position"], most=BATCH)
            except Gone:
                start = await feed.start(rows)
        answer = Answer(0, error="Gebeurtenissen van daarvoor zijn niet meer bewaard.")
        outcome = Outcome(True, 0, None, self._means.now())
        kind = AttemptKind.GAP
        await self._note(Entry(kind=kind, answer=answer, outcome=outcome, position=start))
        return FeedPage((), start, more=True)

    async def _deliver_all(self, receiver: Receiver, page: FeedPage) -> bool:
        for event in page.events:
            if self._means.leaving.is_set() or not await self._deliver(receiver, event):
                return False
            if self._row["per_minute"]:
                with suppress(TimeoutError):
                    wait = 60 / self._row["per_minute"]
                    await asyncio.wait_for(self._means.leaving.wait(), wait)
        return True

    async def _deliver(self, receiver: Receiver, event: FeedEvent) -> bool:
        async with self._means.slots:
            answer = await self._means.sender.deliver(receiver, str(event.id), event.document)
        outcome = self._outcome(answer)
        entry = Entry(
            kind=AttemptKind.DELIVERY,
            answer=answer,
            outcome=outcome,
            position=event.seq,
            event={"seq": event.seq, "id": event.id, "type": event.type},
        )
        return await self._note(entry) and outcome.delivered

    @property
    def _standing(self) -> Standing:
        return Standing(self._row["failures"], self._row["failing_since"])

    def _outcome(self, answer: Answer) -> Outcome:
        return judge(answer, self._standing, self._means.now(), self._means.schedule)

    async def _note(self, entry: Entry) -> bool:
        """Log the attempt and what it means; False when it is not ours, or somebody changed it.

        Who finds that another leads sends nothing more.
        """
        outcome, answer = entry.outcome, entry.answer
        means = self._means
        means.unnoted[self._row["id"]] = entry
        noted = await note(means.database, Lead(means.service, means.leader), self._row, entry)
        del means.unnoted[self._row["id"]]
        if noted is Noted.LOST:
            means.leaving.set()
        self._row |= {"failures": outcome.failures, "failing_since": outcome.failing_since}
        if outcome.delivered and entry.position is not None:
            self._row["position"] = entry.position
        result = "delivered" if outcome.delivered else str(outcome.state or "failed")
        metrics.webhook_attempts.labels(self._means.service, result).inc()
        metrics.webhook_seconds.labels(self._means.service).observe(answer.duration_ms / 1000)
        return noted is Noted.KEPT

    async def _pass(self, page: FeedPage) -> None:
        """Go on behind what is not for this subscriber; stored now and then, not each time."""
        before = self._row["position"]
        if page.cursor - before >= MOVE_AFTER:
            async with self._means.database.work(actor=ACTOR, sight=Sight.ALL) as work:
                await store.move(work, self._row, page.cursor)
        self._row["position"] = max(before, page.cursor)
