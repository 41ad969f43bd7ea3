"""Notices a consumer that is alive but receives nothing.

Clients have been seen to stay outside their group for ever after a broker came back. The process
then ends, and its supervisor starts a new one.
"""

import time
from typing import Final

from shared.messaging import metrics
from shared.messaging.transport import Observed, TransientTransportError

SILENCE_LIMIT: Final = 60.0
LOOK_EVERY: Final = 15.0


class ConsumerStalledError(Exception):
    """Records wait, and none arrive."""


class Watchdog:
    """Is told of each poll; looks at the transport now and then."""

    def __init__(
        self, consumer: str, transport: Observed, *, silence_limit: float = SILENCE_LIMIT
    ) -> None:
        self._consumer = consumer
        self._transport = transport
        self._limit = silence_limit
        self._look_every = min(LOOK_EVERY, silence_limit)
        self._received_at = time.monotonic()
        self._looked_at = 0.0
        # Found silent while events waited, at the look before; they may have come a moment ago.
        self._suspected = False

    async def polled(self, received: bool) -> None:
        """Take note of a poll. Raises ConsumerStalledError."""
        now = time.monotonic()
        metrics.consumer_polled.labels(self._consumer).set_to_current_time()
        if received:
            self._received_at = now
            self._suspected = False
        if now - self._looked_at < self._look_every:
            return
        self._looked_at = now
        try:
            await self._look(now - self._received_at)
        except TransientTransportError:
            self._received_at = now
            self._suspected = False

    async def _look(self, silence: float) -> None:
        waiting: dict[str, int] = {}
        for line in await self._transport.lag():
            waiting[line.topic] = waiting.get(line.topic, 0) + line.lag
        for topic, lag in waiting.items():
            metrics.consumer_lag.labels(self._consumer, topic).set(lag)
        stalled = silence > self._limit and await self._transport.behind()
        if stalled and self._suspected:
            raise ConsumerStalledError(
                f"{self._consumer} received nothing for {silence:.0f} seconds while events wait"
            )
        self._suspected = stalled
