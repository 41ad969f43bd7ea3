"""A transport that is away for hours: the outbox is the buffer, not the memory of the relay."""

import gc
from collections.abc import Sequence

import asyncpg
import pytest

from shared.db.connections import pauses
from shared.db.database import Database
from shared.messaging import relay
from shared.messaging.transport import Message, TransientTransportError
from tests.integration.messaging.test_relay import Recorder, running, unpublished
from tests.support.waiting import until

BATCH = 500
FILL = """
INSERT INTO outbox (id, aggregatetype, aggregateid, type, topic, key, headers, payload)
SELECT gen_random_uuid(), 'proeven', n::text, 'nl.vth.proeven.proef-genoteerd', 'vth.proef.v1',
       (n % 40)::text, '{}', convert_to(repeat('x', 500), 'UTF8')
FROM generate_series(1, $1::int) AS n
"""


class Away(Recorder):
    """Refuses everything, and counts what the relay holds while it asks."""

    def __init__(self) -> None:
        super().__init__()
        self.away = True
        self.asked: list[int] = []
        self.held: list[int] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        self.asked.append(len(messages))
        if len(self.asked) % 10 == 0:
            gc.collect()
            self.held.append(sum(isinstance(each, asyncpg.Record) for each in gc.get_objects()))
        if self.away:
            raise TransientTransportError("away")
        await super().publish(messages)


async def test_a_long_outage_leaves_the_backlog_in_the_outbox(
    service: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "pauses", lambda: pauses(0.01, 0.05))
    transport = Away()
    await service.pool.execute(FILL, 20_000)
    async with running(service, transport, batch_size=BATCH):
        await until(lambda: len(transport.asked) >= 20, 60)
        await service.pool.execute(FILL, 20_000)
        await until(lambda: len(transport.asked) >= 60, 60)
        assert await unpublished(service) == 40_000
        assert set(transport.asked) == {BATCH}
        transport.away = False
        await until(lambda: len(transport.sent) >= 40_000, 60)
    assert await unpublished(service) == 0
    assert [message.key for message in transport.sent[:80]] == [
        str(number % 40) for number in range(1, 81)
    ]
    # The batch that leaves, the one that was found meanwhile, and a few rows of measuring.
    assert BATCH <= max(transport.held) < 3 * BATCH
