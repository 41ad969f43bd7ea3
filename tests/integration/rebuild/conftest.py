"""All services on one log, with stories that reach every one of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar
from uuid import UUID

import pytest
from sqlalchemy import text

from deploy.services import spec_of
from shared.auth.sight import Sight
from shared.contracts import enforcement, intake, risk
from shared.contracts.base import Event
from shared.contracts.examples import example_of
from shared.contracts.reporting import ParticipantRegistered
from shared.db.database import Database
from shared.ids import new_id
from shared.jobs import standing
from shared.jobs.standing import JobRow
from shared.messaging.cloudevents import binary_headers
from shared.messaging.connect import open_transport, topics_of
from shared.messaging.consumer import Consumer
from shared.messaging.operations import group_of
from shared.messaging.publishing import publisher_for
from shared.messaging.transport import Message
from shared.rebuild.projection import Projection
from shared.service import ServiceSpec, open_database
from shared.settings import SERVICES, Settings
from tests.support.databases import as_owner

E = TypeVar("E", bound=Event)

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PROJECTIONS = [
    (service, projection.name)
    for service in SERVICES
    for projection in spec_of(service).projections
]
_JOBS = text("""
SELECT id FROM job WHERE kind = 'herbouw' ORDER BY requested_at DESC, id DESC LIMIT :most
""")
_OTHERS = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
  AND NOT relname = ANY($1) ORDER BY relname
"""


@dataclass(frozen=True, slots=True)
class Town:
    """The services with their databases, and the log between them."""

    settings: Settings
    databases: dict[str, Database]

    def projection(self, service: str, name: str) -> Projection:
        (found,) = (each for each in self.spec(service).projections if each.name == name)
        return found

    def spec(self, service: str) -> ServiceSpec:
        return spec_of(service)

    async def tell(self, *events: Event) -> None:
        """Append the events to the log, as the relays of their services do.

        The incidents that inspections name were there before: they are rows of intake itself.
        """
        planned = [each for each in events if isinstance(each, enforcement.InspectionPlanned)]
        named = [(each.incident_id, each.location_id) for each in planned if each.incident_id]
        await self.databases["intake"].pool.executemany(INCIDENT, named)
        async with open_transport(self.settings, name="test-relay") as transport:
            await transport.publish([self._message(event) for event in events])

    def _message(self, event: Event) -> Message:
        publisher = publisher_for(spec_of(event.service), self.settings)
        row = publisher.row(event, NOW)
        headers = binary_headers(str(row["id"]), row["type"], row["key"], row["headers"])
        return Message(row["topic"], row["key"], headers, row["payload"])

    async def hear(self, *services: str) -> None:
        """Let the consumers of these services (all) handle all there is."""
        for service in services or SERVICES:
            async with self.consumer(service) as (consumer, transport):
                while batch := await transport.poll(0.2, 500):
                    await consumer.handle(batch)

    @asynccontextmanager
    async def consumer(self, service: str) -> AsyncIterator[tuple[Consumer, Any]]:
        spec = spec_of(service)
        opening = open_transport(
            self.settings,
            name="test-consumer",
            group=group_of(service),
            topics=topics_of(spec.consumers),
        )
        async with opening as transport:
            database = self.databases[service]
            yield (
                Consumer(
                    service, transport, partial(database.work, sight=Sight.ALL), spec.consumers
                ),
                transport,
            )

    @asynccontextmanager
    async def listening(self, service: str) -> AsyncIterator[None]:
        """A consumer that runs meanwhile."""
        stop = asyncio.Event()
        async with self.consumer(service) as (consumer, _), asyncio.TaskGroup() as group:
            group.create_task(consumer.run(stop))
            yield
            stop.set()

    async def rows(self, service: str, tables: Sequence[str]) -> dict[str, list[str]]:
        """All rows of these tables, in an order of their own."""
        pool = self.databases[service].pool
        return {
            table: sorted(row[0] for row in await pool.fetch(_rows_of(table))) for table in tables
        }

    async def other_rows(self, service: str, projection: Projection) -> dict[str, list[str]]:
        """All rows of all other tables, but for the jobs of rebuilds."""
        own = [table.name for table in projection.tables]
        found = await self.databases[service].pool.fetch(_OTHERS, [*own, "job"])
        return await self.rows(service, [row[0] for row in found])

    async def jobs(self, service: str, most: int = 1) -> list[JobRow]:
        """The rebuilds of the service, the last first."""
        async with self.databases[service].read(Sight.ALL) as rows:
            found = await rows.all(_JOBS, most=most)
            return [await standing.one(rows, row["id"]) for row in found]

    async def forget_jobs(self, service: str) -> None:
        await as_owner(self.databases[service].pool, "TRUNCATE job")


def _rows_of(table: str) -> str:
    return f"SELECT (to_jsonb(t) - 'anew_since')::text FROM \"{table}\" AS t"


@pytest.fixture(scope="module")
async def town(platform_settings: Settings) -> AsyncIterator[Town]:
    """A town of which every service heard forty stories."""
    opened = {name: await open_database(spec_of(name), platform_settings) for name in SERVICES}
    made = Town(platform_settings, opened)
    await opened["risk"].pool.execute(LOCATIONS, PLACES)
    await made.tell(*PARTICIPANTS, *stories(40))
    await made.hear()
    yield made
    for database in opened.values():
        await database.close()


PARTICIPANTS = [
    ParticipantRegistered(
        version=version, participant=code, name=f"Deelnemer {code}", joined_on=date(2013, 1, 1)
    )
    for code, version in (("gm0153", 1), ("gm0164", 2), ("gm0164", 1), ("gm0141", 1))
]
PLACES = [new_id() for _ in range(9)]
LOCATIONS = """
INSERT INTO location (id, number, name, participant, lon, lat, rd_x, rd_y)
SELECT id, 'L-2026-' || n, 'Bedrijf ' || n, 'gm0153', 6.9, 52.2, 257000, 471000
FROM unnest($1::uuid[]) WITH ORDINALITY AS l(id, n)
"""

INCIDENT = """
INSERT INTO incident (id, number, state, category, location_id, perpetrator, started_at)
VALUES ($1::uuid, 'I-' || $1::uuid, 'lopend', 'geur', $2, 'gemeld', '2026-11-24')
"""


def stories(count: int, seed: int = 1) -> list[Event]:
    """What happens in a town, from complaints to penalties; told through each other."""
    chance = Random(seed)
    told = [list(_story(chance, seed * 1_000 + number)) for number in range(count)]
    mixed: list[Event] = []
    while told:
        story = chance.choice(told)
        mixed.append(story.pop(0))
        if not story:
            told.remove(story)
    return mixed


def _story(chance: Random, number: int) -> Iterator[Event]:
    place, other = chance.sample(PLACES, 2)
    yield of_place(
        risk.LocationRegistered, place, version=chance.randint(1, 5), name=f"Bedrijf {number}"
    )
    yield from _complaint(chance, number, place, other)
    yield from _inspection(chance, number, place)


def _complaint(chance: Random, number: int, place: UUID, other: UUID) -> Iterator[Event]:
    own: dict[str, Any] = {
        "complaint_id": new_id(),
        "incident_id": new_id(),
        "number": f"K-2026-{number:06}",
        "received_at": NOW - timedelta(days=chance.randint(0, 900)),
        "category": chance.choice(("geur", "geluid", "stof")),
    }
    yield of_place(intake.ComplaintReceived, None, version=1, participant=None, **own)
    yield of_place(intake.ComplaintLinked, place, version=2, **own)
    if chance.random() < 0.3:
        yield of_place(intake.ComplaintLinked, other, version=3, **own)
        place = other
    yield of_place(intake.InspectionRequested, place, version=2, request_id=new_id(), **own)
    yield of_place(intake.ComplaintAssessed, place, version=4, **own)
    if chance.random() < 0.8:
        yield of_place(intake.ComplaintClosed, place, version=5, **own)
    if chance.random() < 0.3:
        yield of_place(intake.ComplaintReopened, place, version=6, reopened_at=NOW, **own)


def _inspection(chance: Random, number: int, place: UUID) -> Iterator[Event]:
    own: dict[str, Any] = {
        "inspection_id": new_id(),
        "incident_id": new_id() if chance.random() < 0.7 else None,
        "violation_id": None,
        "number": f"C-2026-{number:06}",
    }
    day = date(2026, 1, 1) + timedelta(days=chance.randint(0, 300))
    planned_on = day if chance.random() < 0.7 else None
    yield of_place(enforcement.InspectionPlanned, place, version=1, planned_on=planned_on, **own)
    yield of_place(enforcement.InspectionCompleted, place, version=2, completed_on=day, **own)
    found: dict[str, Any] = {"violation_id": new_id(), "number": f"O-2026-{number:06}"}
    inspection_id = own["inspection_id"]
    yield of_place(
        enforcement.ViolationEstablished, place, version=1, inspection_id=inspection_id, **found
    )
    yield of_place(enforcement.ViolationPositioned, place, version=2, **found)
    measure: dict[str, Any] = {
        "measure_id": new_id(),
        "violation_id": found["violation_id"],
        "number": f"M-2026-{number:06}",
        "decided_on": day,
    }
    yield of_place(enforcement.MeasureIntended, place, version=1, **measure)
    yield of_place(enforcement.MeasureImposed, place, version=2, **measure)
    yield of_place(enforcement.PenaltyForfeited, place, version=3, forfeited_on=day, **measure)
    yield of_place(enforcement.ViolationResolved, place, version=3, resolved_on=day, **found)
    if chance.random() < 0.3:
        yield of_place(enforcement.ViolationRetracted, place, version=4, retracted_on=day, **found)
    result = chance.choice(list(enforcement.MeasureResult))
    yield of_place(
        enforcement.MeasureEnded, place, version=4, ended_on=day, result=result, **measure
    )
    yield of_place(enforcement.MeasureEnded, place, version=4, ended_on=day, **measure)


def of_place(event: type[E], place: UUID | None, **values: Any) -> E:
    """An example of the event about this place, with these values."""
    example = example_of(event)
    known = {name: value for name, value in values.items() if name in event.model_fields}
    if "location_id" in event.model_fields:
        known["location_id"] = place
    return event.model_validate({**example.model_dump(), **known})
