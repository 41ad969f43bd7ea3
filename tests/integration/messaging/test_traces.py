"""The trace of a request goes with its event, through the outbox and the log to the handler."""

from collections.abc import Iterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import MetaData, text

from shared import tracing
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


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    """The spans that are made while a test runs."""
    exporter = InMemorySpanExporter()
    tracing.start_tracing("test", "", processor=SimpleSpanProcessor(exporter))
    yield exporter
    tracing.stop_tracing()


async def test_one_trace_has_a_span_for_each_step(
    service: Database, service_template: str, postgres_log: Log, spans: InMemorySpanExporter
) -> None:
    publisher = Publisher(
        messaging_tables(MetaData()).outbox, source="urn:x", traceparent=current_traceparent
    )

    async def handle(event: Noted, work: UnitOfWork) -> None:
        await work.execute(EFFECT, event=event.complaint_id)

    traced = await Database.open(service_template, publisher=publisher, application="test", size=4)
    try:
        bench = Bench(traced, postgres_log)
        with tracing.entered("POST", TRACE):
            await bench.send(noted(1))
        await bench.consume(bench.consumer({Noted: each(handle)}))
    finally:
        await traced.close()
    made = spans.get_finished_spans()
    trace_id = int(TRACE.split("-")[1], 16)
    names = [span.name for span in made if span.context and span.context.trace_id == trace_id]
    assert "POST" in names
    assert f"publish {Noted.type}" in names
    assert f"process {Noted.type}" in names
    assert names.count("postgresql write") >= 1
    texts = [str((span.attributes or {}).get("db.query.text", "")) for span in made]
    assert not any("complaint_id=" in each or "'k', '2'" in each for each in texts)


@pytest.mark.parametrize("incoming", [None, "rommel", "00-" + "0" * 32 + "-" + "1" * 16 + "-01"])
def test_what_is_no_trace_begins_a_new_one(
    spans: InMemorySpanExporter, incoming: str | None
) -> None:
    with tracing.entered("GET", incoming) as traceparent:
        assert current_traceparent() == traceparent
    (span,) = spans.get_finished_spans()
    assert span.parent is None


def test_without_a_collector_there_are_no_spans() -> None:
    assert not tracing.is_tracing()
    with tracing.entered("GET", TRACE) as traceparent, tracing.database_span("read", "SELECT 1"):
        assert traceparent.split("-")[1] == TRACE.split("-")[1]


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
