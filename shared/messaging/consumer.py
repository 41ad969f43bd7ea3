"""From the transport to the handlers of a service: each event has effect once, or is parked.

A batch is one transaction: event ids into the inbox, effects, commit; then the position. When it
fails it is halved until the event that fails stands alone, so that only this one is parked.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

import structlog

from shared.db.connections import pauses
from shared.messaging import metrics
from shared.messaging.batch_size import BatchSize
from shared.messaging.failures import attempts_for, is_collision, must_wait
from shared.messaging.handlers import Handlers, Registry
from shared.messaging.inbox import claim, park
from shared.messaging.parked_retries import ParkedRetries
from shared.messaging.ports import OpenWork
from shared.messaging.received import Failure, Incoming, look, read, runs, take_effect
from shared.messaging.transport import (
    Batch,
    Observed,
    ReadingAhead,
    Record,
    TransientTransportError,
    Transport,
)
from shared.messaging.watchdog import ConsumerStalledError, Watchdog

log = structlog.get_logger(__name__)

POLL_TIMEOUT: Final = 0.5
HUNG_AFTER: Final = 90.0
RETRY_PARKED_SECONDS: Final = 1.0
# So many transactions are in hand at most when partitions must go or the process must stop.
IN_HAND: Final = 10
COLLISIONS: Final = 2
# So many records are read at a stretch.
SLICE: Final = 50


class _StoppedError(Exception):
    """Told to stop while waiting to try again; what was not committed is delivered again."""


class ObservedTransport(Transport, Observed, ReadingAhead, Protocol):
    """A transport that also tells how far its group is, and has records read while they wait."""


class Consumer:
    """Handles the events of other services, under one name that the inbox remembers."""

    def __init__(
        self,
        name: str,
        transport: ObservedTransport,
        open_work: OpenWork,
        handlers: Handlers,
        *,
        max_records: int = 4_000,
        first_pause: float = 0.2,
    ) -> None:
        self._name = name
        self._transport = transport
        self._open_work = open_work
        self._registry = Registry(handlers)
        transport.read_ahead(lambda record: look(record, self._registry))
        self._max_records = max_records
        self._first_pause = first_pause
        self._batch_size = BatchSize()
        self._watchdog = Watchdog(name, transport)
        self._parked_retries = ParkedRetries(name, open_work, self._registry)
        self._retry_parked_at = 0.0
        self._stop = asyncio.Event()

    async def run(self, stop: asyncio.Event) -> None:
        """Consume until told to stop; the batch in hand is finished first.

        Raises ConsumerStalledError when the transport went silent while events wait.
        """
        self._stop = stop
        waits = pauses()
        with suppress(_StoppedError):
            while not stop.is_set():
                try:
                    await self.handle(await self._poll())
                    await self._release_parked()
                except TransientTransportError as error:
                    log.warning("transport out of reach", consumer=self._name, error=str(error))
                    await self._pause(next(waits))
                else:
                    waits = pauses()

    async def handle(self, batch: Batch) -> None:
        """Handle the records of a poll and commit where they end."""
        if not batch:
            return
        records = [record for records in batch.values() for record in records]
        events: Sequence[Incoming] = ()
        start = 0
        while start < len(records):
            end = start + self._batch_size.size
            reading = asyncio.create_task(self._read(records[start:end]))
            try:
                # While the database takes what was read, we read what comes after it.
                await self._settle(events)
                events = await reading
            finally:
                reading.cancel()
            start = end
        await self._settle(events)
        await self._transport.commit(
            {place: records[-1].offset + 1 for place, records in batch.items()}
        )

    async def _read(self, records: Sequence[Record]) -> list[Incoming]:
        """The events of these records; others have their turn now and then."""
        events: list[Incoming] = []
        for start in range(0, len(records), SLICE):
            if start and records[start].content is None:
                await asyncio.sleep(0)
            events += read(records[start : start + SLICE], self._registry)
        return events

    async def _poll(self) -> Batch:
        try:
            async with asyncio.timeout(HUNG_AFTER):
                most = min(self._max_records, IN_HAND * self._batch_size.size)
                batch = await self._transport.poll(POLL_TIMEOUT, most)
        except TimeoutError as error:
            raise ConsumerStalledError(f"{self._name}: the transport hangs") from error
        await self._watchdog.polled(bool(batch))
        return batch

    async def _settle(self, events: Sequence[Incoming], again: int = COLLISIONS) -> None:
        """Handle the events in order; halve what fails until one event stands alone.

        After a collision they are tried whole `again` times: no event is to blame.
        """
        if not events:
            return
        try:
            await self._with_database(events)
        except _StoppedError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever a handler raises, its event is parked
            if len(events) == 1:
                await self._settle_one(events[0], error)
                return
            if again and is_collision(error):
                self._batch_size.collided()
                metrics.consumer_retries.labels(self._name).inc()
                await self._pause(next(pauses(self._first_pause)))
                await self._settle(events, again - 1)
                return
            log.info("batch halved", consumer=self._name, size=len(events), error=repr(error))
            middle = len(events) // 2
            await self._settle(events[:middle])
            await self._settle(events[middle:])

    async def _settle_one(self, event: Incoming, error: Exception) -> None:
        """Try the event again as often as its failure deserves, then park it."""
        attempts = 1
        waits = pauses(self._first_pause)
        while attempts < attempts_for(error):
            await self._pause(next(waits))
            attempts += 1
            metrics.consumer_retries.labels(self._name).inc()
            try:
                await self._with_database([event])
            except _StoppedError:
                raise
            except Exception as again:  # noqa: BLE001 - whatever it is, it is counted and parked
                error = again
            else:
                return
        await self._with_database([event], Failure.of(error, attempts))

    async def _with_database(
        self, events: Sequence[Incoming], failure: Failure | None = None
    ) -> None:
        """Handle the events, waiting for a database that is gone: nothing could be parked."""
        waits = pauses(self._first_pause)
        while True:
            try:
                await self._transact(events, failure)
            except Exception as error:
                if not must_wait(error):
                    raise
                log.warning("database out of reach", consumer=self._name, error=str(error))
                await self._pause(next(waits))
            else:
                return

    async def _transact(self, events: Sequence[Incoming], failure: Failure | None) -> None:
        began = time.perf_counter()
        async with self._open_work() as work:
            ready, parked = await claim(work, self._name, events)
            if failure is not None:
                parked, ready = [*parked, *ready], []
            for event in parked:
                await park(work, self._name, event, failure)
            made = runs(ready)
            await take_effect(made, work)
        took = time.perf_counter() - began
        self._batch_size.took(len(events), took)
        metrics.consumer_batch.labels(self._name).observe(len(events))
        metrics.consumer_seconds.labels(self._name).observe(took)
        metrics.consumer_skipped.labels(self._name).inc(len(events) - len(ready) - len(parked))
        for run in made:
            metrics.consumer_handled.labels(self._name, run.type).inc(len(run.deliveries))
        for event in parked:
            self._tell_parked(event)

    def _tell_parked(self, event: Incoming) -> None:
        metrics.consumer_parked.labels(self._name).inc()
        log.warning(
            "event parked", consumer=self._name, type=event.type, event_id=str(event.event_id)
        )

    async def _release_parked(self) -> None:
        """Take up what a person asked to retry, and what no longer waits for anything."""
        if time.monotonic() < self._retry_parked_at:
            return
        try:
            await self._parked_retries.run()
        except Exception as error:
            if not must_wait(error):
                raise
            log.warning("database out of reach", consumer=self._name, error=str(error))
        self._retry_parked_at = time.monotonic() + RETRY_PARKED_SECONDS

    async def _pause(self, seconds: float) -> None:
        """Wait. Raises _StoppedError when told to stop meanwhile."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
            raise _StoppedError
