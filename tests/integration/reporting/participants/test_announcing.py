"""Each state of a participant is told once, whoever wrote it."""

from typing import Any

from sqlalchemy import select, text

from services.reporting.jobs import announce
from services.reporting.tables import messaging
from shared.auth.sight import Sight
from shared.contracts.reporting import ParticipantRegistered
from shared.db.database import Database


async def told(db: Database) -> list[dict[str, Any]]:
    outbox = messaging.outbox
    async with db.work(actor="systeem", sight=Sight.ALL) as work:
        await announce(work)
    async with db.read(Sight.ALL) as rows:
        statement = select(outbox).where(outbox.c.type == ParticipantRegistered.type)
        return [dict(row) for row in await rows.all(statement.order_by(outbox.c.seq))]


async def test_every_participant_is_told_once(db: Database) -> None:
    events = await told(db)
    async with db.read(Sight.ALL) as rows:
        codes = {row["code"] for row in await rows.all(text("SELECT code FROM participant"))}
    assert len(events) == len(codes) > 0
    assert await told(db) == events


async def test_a_change_is_told_and_a_change_of_nothing_is_not(db: Database) -> None:
    before = len(await told(db))
    async with db.work(actor="beheer", sight=Sight.ALL) as work:
        await work.execute(
            text("UPDATE participant SET left_on = '2027-01-01' WHERE code = 'gm0153'")
        )
        await work.execute(text("UPDATE participant SET name = name"))
    events = await told(db)
    assert len(events) == before + 1
    assert len(await told(db)) == before + 1
