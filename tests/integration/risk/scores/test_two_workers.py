"""Two workers handle events of one complaint at the same time: its locations are two keys."""

import asyncio
from uuid import UUID

import httpx2
from sqlalchemy import select, text

from services.risk import consumers
from services.risk.locations.tables import complaint
from shared.auth.sight import Sight
from shared.contracts.intake import ComplaintLinked, ComplaintReceived, Urgency
from shared.ids import new_id
from shared.messaging.handlers import Delivery
from tests.integration.risk.conftest import NOW, Risk, explained, linked, registered
from tests.support.running import envelope_of
from tests.support.waiting import until

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


async def test_the_newest_of_a_complaint_stays_when_an_older_event_comes_at_the_same_time(
    risk: Risk, planner: httpx2.AsyncClient
) -> None:
    was, became = await registered(planner), await registered(planner)
    identity = new_id()
    received = ComplaintReceived(
        version=1,
        participant="gm0153",
        complaint_id=identity,
        number="K-2026-000009",
        category="geur",
        received_at=NOW,
        channel="telefoon",
        urgency=Urgency.NORMAL,
        occurred_at=NOW,
        location_id=UUID(was["id"]),
    )
    moved = linked(became, complaint_id=identity, previous_location_id=UUID(was["id"]))
    async with risk.db.work("test", sight=Sight.ALL) as one:
        await consumers.CONSUMERS[ComplaintLinked]([Delivery(moved, envelope_of(moved))], one)
        other = asyncio.create_task(risk.deliver(received))
        await until(lambda: _waits(risk))
    await other
    (row,) = await risk.rows(select(complaint).where(complaint.c.id == identity))
    assert (row["version"], row["location_id"]) == (2, UUID(became["id"]))
    assert (await explained(planner, became))["klachtcijfers"]["ontvangen12Maanden"] == 1
    assert (await explained(planner, was))["klachtcijfers"]["ontvangen12Maanden"] == 0


async def _waits(risk: Risk) -> bool:
    async with risk.db.read(Sight.ALL) as reader:
        return bool(await reader.value(_WAITING))
