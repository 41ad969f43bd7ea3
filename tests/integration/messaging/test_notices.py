"""Of an event that is parked a notice goes out, through the outbox of the service."""

from uuid import uuid4

import pytest

from shared.auth.sight import Sight
from shared.contracts.notices import EventParked
from shared.db.database import Database
from shared.errors import NotAllowed
from shared.messaging.parking import retry
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import NAME, Bench


@pytest.fixture
def bench(service: Database, postgres_log: Log) -> Bench:
    return Bench(service, postgres_log)


async def notices(bench: Bench) -> list[EventParked]:
    rows = await bench.service.pool.fetch(
        "SELECT topic, payload FROM outbox WHERE type = $1 ORDER BY seq", EventParked.type
    )
    assert {row["topic"] for row in rows} <= {f"{bench.log.topic}.dlq"}
    return [EventParked.model_validate_json(row["payload"]) for row in rows]


async def test_of_what_is_parked_a_notice_goes_out_in_the_same_commit(bench: Bench) -> None:
    sick = uuid4()
    bench.effects.refused["1"] = NotAllowed("Dit is geheim", article="Awb 5:32")
    await bench.send(noted(1, sick), noted(2, sick))
    await bench.consume()
    (notice,) = await notices(bench)
    first = await bench.first_parked()
    assert notice.event_id == first["event_id"]
    assert (notice.consumer, notice.event_type) == (NAME, Noted.type)
    assert (notice.from_topic, notice.event_key) == (bench.log.topic, str(sick))
    assert (notice.failure, notice.attempts) == ("NotAllowed", 1)
    assert "geheim" not in notice.model_dump_json()


async def test_a_retry_that_fails_is_told_again(bench: Bench) -> None:
    sick = uuid4()
    bench.effects.refused["1"] = NotAllowed("Nee", article="Awb 1:1")
    await bench.send(noted(1, sick))
    await bench.consume()
    async with bench.service.work("test", sight=Sight.ALL) as work:
        await retry(work, NAME, bench.log.topic, str(sick), actor="beheerder")
    await bench.consumer()._parked_retries.run()
    assert [notice.attempts for notice in await notices(bench)] == [1, 2]
