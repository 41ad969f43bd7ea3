"""A worker that hangs in the middle of a transaction, or whose machine is gone without a word."""

from uuid import uuid4

import pytest
from sqlalchemy import Uuid, bindparam, text

from shared import db
from shared.db import Database
from shared.messaging.connections import is_connection_lost
from shared.publishing import Publisher
from tests.integration.messaging.conftest import _service_tables

_CLAIM = text("INSERT INTO inbox (consumer, event_id) VALUES ('proef', :id)").bindparams(
    bindparam("id", type_=Uuid)
)


async def test_it_lets_go_of_what_it_holds(
    service_template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "HUNG_AFTER", "300ms")
    publisher = Publisher(_service_tables()[1], source="urn:test")
    database = await Database.open(service_template, publisher=publisher, size=3)
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one, the last line says
        await _hang(database)
    await database.close()
    assert is_connection_lost(caught.value), repr(caught.value)


async def _hang(database: Database) -> None:
    """Hold a row until another needs it, and then go on."""
    event = uuid4()
    async with database.work() as hung:
        await hung.execute(_CLAIM, id=event)
        # Without an end this waits until its lock time is over, and the event would be parked.
        async with database.work() as other:
            await other.execute(_CLAIM, id=event)
        await hung.execute(_CLAIM, id=uuid4())
