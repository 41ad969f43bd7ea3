"""Events of an old major version on the log: handled and rebuilt as those of the new one."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table

from shared.contracts.upcasting import Upcaster
from shared.db.database import Database
from shared.messaging import handlers
from tests.integration.messaging.conftest import Log
from tests.integration.messaging.events import Noted, noted
from tests.integration.messaging.rebuilding import Rebuilding
from tests.integration.messaging.test_rebuild import shadowed
from tests.integration.messaging.test_relay import publish

__all__ = ["shadowed"]

OLD = "nl.vth.proeven.proef-opgemerkt"
AGE = """
UPDATE outbox SET type = $1, payload = convert_to(
    replace(convert_from(payload, 'UTF8'), '"nummer"', '"volgnummer"'), 'UTF8')
"""


def renamed(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "nummer": document["volgnummer"]}


@pytest.fixture
def bench(
    service: Database,
    postgres_log: Log,
    effect_table: Table,
    shadowed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Rebuilding:
    monkeypatch.setattr(handlers, "UPCASTERS", (Upcaster(OLD, Noted.type, renamed),))
    return Rebuilding(service, postgres_log, effect_table, shadowed)


async def test_old_events_are_handled_and_rebuilt(bench: Rebuilding) -> None:
    key = uuid4()
    await publish(bench.service, noted(1, key), noted(2, key))
    await bench.service.pool.execute(AGE, OLD)
    await bench.send(noted(3, key))
    await bench.consume()
    assert await bench.numbers() == [1, 2, 3]
    before = await bench.rows()
    assert await bench.rebuild() == 3
    assert await bench.rows() == before


async def test_old_events_that_cannot_be_upcast_are_parked(bench: Rebuilding) -> None:
    await publish(bench.service, noted(1))
    await bench.service.pool.execute("UPDATE outbox SET type = $1", OLD)
    await bench.send()
    await bench.consume()
    assert await bench.open() == [(1, "parked")]
    assert (await bench.first_parked())["error"] == "UpcastError: renamed: KeyError"
