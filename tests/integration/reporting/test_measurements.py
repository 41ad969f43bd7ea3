"""Indicators that were measured are kept, also when they are measured again on the same day."""

from datetime import timedelta

from sqlalchemy import select

from services.reporting.jobs import measure
from services.reporting.tables import kpi_measurement
from services.reporting.weeks import imports as hours
from shared.auth.sight import Sight
from shared.clock import FixedClock
from shared.db.database import Database
from tests.integration.reporting.test_imports import row


async def measured(db: Database, code: str) -> list[tuple[int, int]]:
    """What was measured for the agency, in that order."""
    async with db.work(sight=Sight.ALL) as work:
        await measure(work)
    mine = (kpi_measurement.c.code == code) & (kpi_measurement.c.participant == "")
    async with db.read(Sight.ALL) as rows:
        found = await rows.all(select(kpi_measurement).where(mine).order_by(kpi_measurement.c.turn))
    return [(each["numerator"], each["denominator"]) for each in found]


async def test_what_was_measured_before_stays_beside_what_is_measured_now(
    db: Database, clock: FixedClock
) -> None:
    assert await measured(db, "uren-goedgekeurd") == [(0, 0)]
    async with db.work(actor="import", sight=Sight.ALL) as work:
        assert await hours.store_rows([row("m1")], work) == []
    clock.instant += timedelta(hours=1)
    assert await measured(db, "uren-goedgekeurd") == [(0, 0), (90, 90)]
    clock.instant += timedelta(hours=1)
    assert await measured(db, "uren-goedgekeurd") == [(0, 0), (90, 90)]
    assert await measured(db, "klachten-op-tijd") == [(0, 0)]
