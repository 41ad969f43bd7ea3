"""Two services of almost nothing: one publishes scores, the other notes them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter
from sqlalchemy import Column, MetaData, Numeric, Table, Uuid
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from shared.contracts.base import Event
from shared.contracts.risk import RiskClass, RiskScored
from shared.db.unit_of_work import UnitOfWork
from shared.encryption_keys import encryption_key_table
from shared.http.rate_limit_storage import rate_limit_table
from shared.jobs.kinds import JobKind
from shared.jobs.tables import job_table
from shared.messaging.handlers import Handler, each
from shared.messaging.tables import messaging_tables
from shared.service import ServiceSpec
from shared.settings import ServiceName
from shared.webhooks.tables import subscription_tables

METADATA = MetaData()
encryption_key_table(METADATA)
MESSAGING = messaging_tables(METADATA)
job_table(METADATA)
subscription_tables(METADATA)
rate_limit_table(METADATA)
NOTED = Table(
    "noted_score",
    METADATA,
    Column("location_id", Uuid, primary_key=True),
    Column("score", Numeric, nullable=False),
)


def sample_spec(name: ServiceName, consumers: Mapping[type[Event], Handler]) -> ServiceSpec:
    pages = APIRouter()

    @pages.get("/hallo")
    async def hallo() -> dict[str, str]:
        return {"dienst": name}

    return ServiceSpec(
        name=name,
        title=name,
        description="Een dienst van bijna niets",
        version="1.0.0",
        metadata=METADATA,
        messaging=MESSAGING,
        api=APIRouter(),
        pages=pages,
        templates=Path(),
        consumers=consumers,
    )


def publisher_spec() -> ServiceSpec:
    return sample_spec("risk", {})


def consumer_spec() -> ServiceSpec:
    return sample_spec("intake", {RiskScored: each(note)})


def with_jobs(spec: ServiceSpec, *kinds: JobKind) -> ServiceSpec:
    return replace(spec, jobs=kinds)


async def note(event: RiskScored, work: UnitOfWork) -> None:
    work.insert(NOTED, {"location_id": event.location_id, "score": event.score})


def scored(location: UUID) -> RiskScored:
    return RiskScored(
        version=1,
        location_id=location,
        score=Decimal("7.5"),
        risk_class=RiskClass.HIGH,
        model_version="voorbeeld",
        scored_at=datetime(2026, 11, 2, tzinfo=UTC),
    )


async def create_tables(url: str) -> None:
    """Give a database the tables of a sample service, which it may use and does not own."""
    login = urlsplit(url).username
    engine = create_async_engine(url.replace("://", "+asyncpg://", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"SET LOCAL ROLE {login}_owner")
        await connection.run_sync(METADATA.create_all)
        for kind in ("TABLES", "SEQUENCES"):
            await connection.exec_driver_sql(
                f"GRANT ALL ON ALL {kind} IN SCHEMA public TO {login}_all, {login}_some"
            )
    await engine.dispose()
