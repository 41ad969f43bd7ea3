"""A database that is full while events are delivered: nobody gets the same event over and over."""

from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from shared.db.database import Database
from shared.settings import Settings
from tests.integration.webhooks.conftest import publish
from tests.integration.webhooks.delivering import (
    Subscribe,
    delivering,
    log_of,
    names,
    receiver,
    shown,
    subscribe,
)
from tests.integration.webhooks.receiver import Receiver
from tests.support.databases import as_owner
from tests.support.waiting import until

__all__ = ["receiver", "subscribe"]

FULL = """
CREATE SEQUENCE refusals;
CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM nextval('refusals');
    RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full';
END $$;
CREATE TRIGGER full_disk BEFORE INSERT ON subscription_attempt
FOR EACH ROW EXECUTE FUNCTION disk_is_full();
ALTER TABLE subscription_attempt DISABLE TRIGGER full_disk
"""
FREE = "DROP FUNCTION disk_is_full CASCADE; DROP SEQUENCE refusals"


@pytest.fixture
async def filling(risk: Database) -> AsyncIterator[None]:
    await as_owner(risk.pool, FULL)
    yield
    await as_owner(risk.pool, FREE)


async def fill(database: Database, how: str) -> None:
    await as_owner(database.pool, f"ALTER TABLE subscription_attempt {how} TRIGGER full_disk")


async def refusals(database: Database) -> int:
    return int(await database.pool.fetchval("SELECT last_value FROM refusals"))


@pytest.mark.usefixtures("filling")
async def test_what_could_not_be_noted_is_not_delivered_again(
    risk: Database, receiver: Receiver, subscribe: Subscribe, server_settings: Settings
) -> None:
    identity = await subscribe()
    async with delivering(risk, server_settings):
        made = names(await publish(risk, 1))
        await until(lambda: _noted(risk, identity, 2))
        await fill(risk, "ENABLE")
        made += names(await publish(risk, 3))
        await until(lambda: tried(risk, 5), 30)
        assert receiver.subjects == made[:2]
        await fill(risk, "DISABLE")
        await until(lambda: receiver.subjects == made, 30)
    assert (await shown(risk, identity))["position"] == 4
    assert [line["delivered"] for line in await log_of(risk, identity)] == [True] * 5


async def _noted(database: Database, identity: UUID, count: int) -> bool:
    return len(await log_of(database, identity)) == count


async def tried(database: Database, least: int) -> bool:
    return await refusals(database) >= least
