"""The watchdog ends a consumer that receives nothing while events wait."""

import asyncio

import pytest

from shared.messaging.transport import PartitionLag, TransientTransportError
from shared.messaging.watchdog import ConsumerStalledError, Watchdog


class Line:
    def __init__(self, *, behind: bool, reachable: bool = True) -> None:
        self._behind = behind
        self.reachable = reachable

    async def lag(self) -> list[PartitionLag]:
        if not self.reachable:
            raise TransientTransportError("away")
        return [PartitionLag("t", 0, 5, 3), PartitionLag("t", 1, 4, 4)]

    async def behind(self) -> bool:
        return self._behind


async def after_silence(line: Line, *, received: bool = False) -> None:
    watchdog = Watchdog("proef", line, silence_limit=0.05)
    for _ in range(2):
        await asyncio.sleep(0.06)
        await watchdog.polled(received)


async def test_silence_while_events_wait_is_a_stall() -> None:
    with pytest.raises(ConsumerStalledError, match="proef received nothing"):
        await after_silence(Line(behind=True))


async def test_silence_while_nothing_waits_is_peace() -> None:
    await after_silence(Line(behind=False))


async def test_the_first_event_after_a_quiet_time_is_no_stall() -> None:
    """It came between the poll and the look; the next poll receives it."""
    line = Line(behind=True)
    watchdog = Watchdog("proef", line, silence_limit=0.05)
    for received in (False, True, False):
        await asyncio.sleep(0.06)
        await watchdog.polled(received)


async def test_a_stall_is_looked_at_anew_after_the_transport_was_away() -> None:
    line = Line(behind=True)
    watchdog = Watchdog("proef", line, silence_limit=0.05)
    for reachable in (True, False, True):
        line.reachable = reachable
        await asyncio.sleep(0.06)
        await watchdog.polled(received=False)


async def test_a_consumer_that_receives_is_alive() -> None:
    await after_silence(Line(behind=True), received=True)


async def test_a_transport_out_of_reach_is_no_stall() -> None:
    await after_silence(Line(behind=True, reachable=False))
