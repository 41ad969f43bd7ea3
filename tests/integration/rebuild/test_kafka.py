"""A whole rebuild over Kafka: the log, the place of the live group, and the swap."""

from dataclasses import replace
from functools import partial
from uuid import uuid4

import pytest

from services.intake.consumers import on_locations
from services.intake.main import SPEC
from services.intake.tables import location
from shared.auth.sight import Sight
from shared.contracts.base import topic_of
from shared.contracts.risk import LocationRegistered
from shared.messaging.cloudevents import binary_headers
from shared.messaging.connect import open_transport, topics_of
from shared.messaging.consumer import Consumer
from shared.messaging.handlers import Handlers
from shared.messaging.kafka_clients import KafkaConfig
from shared.messaging.kafka_topics import create_topics
from shared.messaging.operations import group_of
from shared.messaging.transport import Message
from shared.rebuild.foreground import run_rebuild
from shared.rebuild.projection import Projection
from shared.rebuild.rebuild import Progress
from shared.service import ServiceSpec
from shared.settings import Settings
from tests.integration.rebuild.conftest import PLACES, Town, of_place
from tests.support.databases import as_owner


@pytest.fixture
async def moved(kafka_bootstrap: str) -> type[LocationRegistered]:
    """Locations told on a topic of their own: the broker is that of all tests."""
    name = f"proef{uuid4().hex[:6]}"
    attributes = {"service": name, "type": f"nl.vth.{name}.locatie-geregistreerd"}
    event = type("Moved", (LocationRegistered,), {**attributes, "__module__": __name__})
    await create_topics(KafkaConfig(bootstrap_servers=kafka_bootstrap), [topic_of(name)])
    return event


@pytest.fixture
def settings(town: Town, kafka_bootstrap: str) -> Settings:
    changes = {"transport": "kafka", "kafka_bootstrap_servers": kafka_bootstrap}
    return town.settings.model_copy(update=changes)


def spec_for(event: type[LocationRegistered]) -> ServiceSpec:
    handlers: Handlers = {event: on_locations}
    found = Projection(name="proef", title="Proef", tables=(location,), handlers=handlers)
    return replace(SPEC, consumers=handlers, projections=(found,))


async def test_locations_come_back_from_kafka(
    town: Town, settings: Settings, moved: type[LocationRegistered]
) -> None:
    spec, topic = spec_for(moved), topic_of(moved.service)
    events = [of_place(moved, place, version=n) for n in range(1, 40) for place in PLACES]
    database = town.databases["intake"]
    await as_owner(database.pool, "TRUNCATE location")
    opening = open_transport(
        settings, name="test", group=group_of("intake"), topics=topics_of(spec.consumers)
    )
    async with opening as transport:
        await transport.publish([_message(topic, event) for event in events[:-90]])
        consumer = Consumer(
            "intake", transport, partial(database.work, sight=Sight.ALL), spec.consumers
        )
        while not (batch := await transport.poll(1, 500)):
            continue
        while batch:
            await consumer.handle(batch)
            batch = await transport.poll(0.5, 500)
        await transport.publish([_message(topic, event) for event in events[-90:]])
        before = await town.rows("intake", ["location"])
        await database.pool.execute("UPDATE location SET name = 'kwijt'")
        steps: list[Progress] = []
        done = await run_rebuild(
            spec, settings, spec.projections[0], actor="test", report=steps.append
        )
        assert done == len(events) - 90
        assert await town.rows("intake", ["location"]) == before
        assert steps[-1].done == steps[-1].total == done
        while batch := await transport.poll(0.5, 500):
            await consumer.handle(batch)
    rows = await database.pool.fetch("SELECT version FROM location")
    assert [row["version"] for row in rows] == [39] * len(PLACES)


def _message(topic: str, event: LocationRegistered) -> Message:
    attributes = {"source": "urn:test", "subject": str(event.location_id)}
    headers = binary_headers(str(uuid4()), event.type, str(event.key), attributes)
    return Message(topic, str(event.key), headers, event.model_dump_json(by_alias=True).encode())
