"""The watchdog ends a consumer that receives nothing while events wait."""

import asyncio

import pytest

from shared.messaging.transport import PartitionLag, TransientTransportError
from shared.messaging.watchdog import ConsumerStalledError, Watchdog


class Line:
    def __init__(self, *, behind: bool, reachable: bool = True) -> None:
        self._behind = behind
        self._reachable = reachable

    async def lag(self) -> list[PartitionLag]:
        if not self._reachable:
            raise TransientTransportError("away")
        return [PartitionLag("t", 0, 5, 3), PartitionLag("t", 1, 4, 4)]

    async def behind(self) -> bool:
        return self._behind


async def after_silence(line: Line, *, received: bool = False) -> None:
    watchdog = Watchdog("proef", line, silence_limit=0.05)
    await asyncio.sleep(0.06)
    await watchdog.polled(received)


async def test_silence_while_events_wait_is_a_stall() -> None:
    with pytest.raises(ConsumerStalledError, match="proef received nothing"):
        await after_silence(Line(behind=True))


async def test_silence_while_nothing_waits_is_peace() -> None:
    await after_silence(Line(behind=False))


async def test_a_consumer_that_receives_is_alive() -> None:
    await after_silence(Line(behind=True), received=True)


async def test_a_transport_out_of_reach_is_no_stall() -> None:
    await after_silence(Line(behind=True, reachable=False))
