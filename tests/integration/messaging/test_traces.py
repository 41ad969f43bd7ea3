"""The trace of a request goes with its event, through the outbox and the log to the handler."""

from sqlalchemy import MetaData, text

from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import each
from shared.messaging.tables import messaging_tables
from shared.telemetry import current_traceparent, enter_trace
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.test_consumer import Bench

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
EFFECT = text("INSERT INTO effect (event, key, number) VALUES (:event, 'k', '1')")


async def test_a_handler_works_in_the_trace_of_the_request(
    service: Database, service_template: str, postgres_log: Log
) -> None:
    publisher = Publisher(
        messaging_tables(MetaData()).outbox, source="urn:x", traceparent=current_traceparent
    )
    seen: list[str | None] = []

    async def handle(event: Noted, work: UnitOfWork) -> None:
        seen.append(current_traceparent())
        await work.execute(EFFECT, event=event.complaint_id)

    traced = await Database.open(service_template, publisher=publisher, application="test", size=4)
    try:
        bench = Bench(traced, postgres_log)
        enter_trace(TRACE)
        await bench.send(noted(1))
        enter_trace(None)
        await bench.consume(bench.consumer({Noted: each(handle)}))
    finally:
        await traced.close()
    (found,) = seen
    assert found is not None
    assert found.split("-")[1] == TRACE.split("-")[1]
