"""A projection as a service keeps one: a row per complaint, replaced by each event about it."""

from collections.abc import Sequence
from typing import Final

import asyncpg
from sqlalchemy import Column, DateTime, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from deploy.databases import administration
from shared.contracts.intake import ComplaintLinked
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.handlers import Delivery
from shared.settings import Settings

NAME: Final = "perf_complaint"
_TABLE: Final = Table(
    NAME,
    MetaData(),
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("location_id", Uuid, nullable=False),
    Column("number", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)
DDL: Final = str(CreateTable(_TABLE, if_not_exists=True).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]


async def make(settings: Settings) -> None:
    """Make the table beside those of risk, and let the service write and empty it."""
    connection = await asyncpg.connect(administration(settings, "vth_risk"))
    await connection.execute(f"{DDL}; GRANT ALL ON {NAME}, inbox TO vth_risk_all")
    await connection.close()


def keep(deliveries: Sequence[Delivery[ComplaintLinked]], work: UnitOfWork) -> None:
    """Queue the rows of these events, as the handlers of the services do."""
    for delivery in deliveries:
        event = delivery.event
        row = {
            "id": event.complaint_id,
            "version": event.version,
            "location_id": event.location_id,
            "number": event.number,
            "category": event.category,
            "received_at": event.received_at,
        }
        work.upsert(_TABLE, row, keys=("id",))
