"""A value that a newer release adds to an open list is kept by consumers; nothing is parked."""

from datetime import UTC, datetime
from typing import get_args

import asyncpg
import pytest

from services.enforcement.main import SPEC as ENFORCEMENT
from services.intake.main import SPEC as INTAKE
from services.reporting.main import SPEC as REPORTING
from services.risk.main import SPEC as RISK
from shared.auth.sight import Sight
from shared.contracts.base import Event, Unlisted
from shared.contracts.enforcement import InspectionCompleted, InspectionPlanned, MeasureImposed
from shared.contracts.examples import example_of
from shared.contracts.intake import ComplaintReceived
from shared.contracts.registry import EVENTS
from shared.db.database import Database
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery
from shared.messaging.publishing import publisher_for
from shared.service import ServiceSpec
from shared.settings import Settings
from tests.support.databases import FreshDatabase

NEW = "van een nieuwere uitgave"
SPECS = {spec.name: spec for spec in (INTAKE, RISK, ENFORCEMENT, REPORTING)}


def open_fields(event: type[Event]) -> list[str]:
    """The wire names of the fields that are open lists."""
    return [
        str(field.alias)
        for field in event.model_fields.values()
        if Unlisted in get_args(field.annotation)
    ]


def with_new_values(event: type[Event]) -> Event:
    return event.model_validate(
        {**example_of(event).model_dump(by_alias=True), **dict.fromkeys(open_fields(event), NEW)}
    )


# These consumers have no use for the value: it is enough that they go on.
NOT_STORED = {
    ("intake", InspectionPlanned),
    ("intake", InspectionCompleted),
    ("intake", MeasureImposed),
    ("reporting", ComplaintReceived),
}
OPEN = [event for event in EVENTS if open_fields(event)]
CASES = [(spec, event) for spec in SPECS.values() for event in OPEN if event in spec.consumers]


def test_the_field_extends_some_lists() -> None:
    assert {field for event in OPEN for field in open_fields(event)} == {
        "handhavingsinstrument",
        "oordeel",
        "resultaat",
        "soort",
        "urgentie",
    }


@pytest.mark.parametrize(
    ("spec", "event"), CASES, ids=lambda case: getattr(case, "name", getattr(case, "type", None))
)
async def test_a_consumer_keeps_a_value_it_does_not_know(
    spec: ServiceSpec,
    event: type[Event],
    fresh_database: FreshDatabase,
    server_settings: Settings,
) -> None:
    url = await fresh_database(spec.name)
    db = await Database.open(url, publisher=publisher_for(spec, server_settings))
    try:
        told = with_new_values(event)
        envelope = Envelope(
            id=str(told.subject),
            source="urn:test",
            type=event.type,
            data=b"{}",
            time=datetime(2026, 11, 25, 10, 0, tzinfo=UTC),
        )
        async with db.work(actor="test", sight=Sight.ALL) as work:
            await spec.consumers[event]([Delivery(told, envelope)], work)
    finally:
        await db.close()
    connection = await asyncpg.connect(url)
    try:
        stored = await mentions(connection, NEW)
        assert stored != ((spec.name, event) in NOT_STORED)
    finally:
        await connection.close()


async def mentions(connection: asyncpg.Connection, words: str) -> bool:
    """Whether a row of any table holds the words."""
    tables = await connection.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    for table in tables:
        rows = f"SELECT EXISTS (SELECT FROM {table['relname']} t WHERE t::text LIKE $1)"
        if await connection.fetchval(rows, f"%{words}%"):
            return True
    return False
