"""Who closes a month or settles a year is waited for by what would change its figures."""

import asyncio
from datetime import date

from sqlalchemy import text

from services.reporting.periods import locks
from shared.auth.sight import Sight
from shared.db.database import Database
from tests.integration.reporting.conftest import Client
from tests.integration.reporting.test_year import budget, post
from tests.support.waiting import until


async def test_a_budget_waits_for_who_settles_its_year(client: Client, db: Database) -> None:
    made = await post(client("controller"), "/begrotingen", budget(jaar=2024))
    path = f"/begrotingen/{made.json()['id']}/vaststelling"
    async with db.work("test", sight=Sight.ALL) as settling:
        await locks.take_year(settling, 2024)
        adopting = asyncio.create_task(post(client("concern"), path, version=1))
        await until(lambda: _somebody_waits(db))
    assert (await adopting).status_code == 200


async def test_a_price_waits_for_who_closes_its_month(client: Client, db: Database) -> None:
    body = {"minuten": 90, "geldigVanaf": "2026-11-01", "besluitkenmerk": "AB 2026-8"}
    made = await post(client("controller"), "/kentallen", {**body, "product": "T10-04"})
    path = f"/kentallen/{made.json()['id']}/activering"
    async with db.work("test", sight=Sight.ALL) as closing:
        await locks.take(closing, date(2026, 11, 1))
        activating = asyncio.create_task(post(client("concern"), path, version=1))
        await until(lambda: _somebody_waits(db))
    assert (await activating).status_code == 200


async def _somebody_waits(db: Database) -> bool:
    async with db.read(Sight.ALL) as rows:
        return bool(await rows.value(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
