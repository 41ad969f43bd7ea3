"""A worker: relay, consumer and jobs that live together."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import func, select

from deploy import worker
from deploy.worker import Part, run_worker
from shared.auth.sight import Sight
from shared.contracts.notices import EventParked
from shared.contracts.risk import RiskScored
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import recurring
from shared.messaging.failures import PermanentFailureError
from shared.messaging.handlers import each
from shared.service import ServiceSpec, open_database
from shared.settings import Settings
from tests.support import sample_service
from tests.support.databases import Templates
from tests.support.waiting import until

SPECS = {"risk": sample_service.publisher_spec(), "intake": sample_service.consumer_spec()}


@pytest.fixture
async def settings(server_settings: Settings, templates: Templates) -> Settings:
    """Databases of the two sample services and an empty event log."""
    for name in SPECS:
        await sample_service.create_tables(await templates.empty(name, f"vth_{name}"))
    await templates.copy("events", "vth_events")
    return server_settings


@pytest.fixture(autouse=True)
def specs(monkeypatch: pytest.MonkeyPatch) -> dict[str, ServiceSpec]:
    known = dict(SPECS)
    monkeypatch.setattr(worker, "spec_of", known.__getitem__)
    return known


@pytest.fixture
async def risk(settings: Settings) -> AsyncIterator[Database]:
    database = await open_database(SPECS["risk"], settings)
    yield database
    await database.close()


@pytest.fixture
async def intake(settings: Settings) -> AsyncIterator[Database]:
    database = await open_database(SPECS["intake"], settings)
    yield database
    await database.close()


async def has_noted(database: Database, wanted: int) -> bool:
    async with database.read(Sight.ALL) as reader:
        count = await reader.value(select(func.count()).select_from(sample_service.NOTED))
    return bool(count == wanted)


async def publish(database: Database, *locations: UUID) -> None:
    async with database.work("test", sight=Sight.ALL) as work:
        for location in locations:
            work.publish(sample_service.scored(location))


async def test_an_event_travels_from_one_worker_to_the_other(
    settings: Settings, risk: Database, intake: Database
) -> None:
    stop = asyncio.Event()
    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for name in SPECS:
            group.create_task(run_worker(name, settings, stop))
        await publish(risk, *(uuid4() for _ in range(25)))
        await until(lambda: has_noted(intake, 25))
        stop.set()


async def refuse(event: RiskScored, work: UnitOfWork) -> None:
    raise PermanentFailureError("nee")


async def test_of_a_parked_event_a_notice_reaches_the_log(
    settings: Settings, specs: dict[str, ServiceSpec], risk: Database
) -> None:
    specs["intake"] = replace(SPECS["intake"], consumers={RiskScored: each(refuse)})
    stop = asyncio.Event()
    url = settings.database_for("events")
    query = "SELECT convert_from(value, 'UTF8') FROM event_log WHERE topic = 'vth.risk.v1.dlq'"
    async with asyncio.timeout(20), asyncpg.create_pool(url) as log, asyncio.TaskGroup() as group:
        for name in SPECS:
            group.create_task(run_worker(name, settings, stop))
        await publish(risk, uuid4())
        await until(lambda: _is_there(log, query))
        notice = EventParked.model_validate_json(await log.fetchval(query))
        stop.set()
    assert (notice.consumer, notice.failure) == ("intake", "PermanentFailureError")


async def _is_there(pool: asyncpg.Pool, query: str) -> bool:
    return bool(await pool.fetch(query))


async def test_a_worker_with_a_name_is_a_lasting_member(
    settings: Settings, risk: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []

    def remember(*_: object, instance: str | None = None, **__: object) -> object:
        asked.append(instance)
        raise ConnectionRefusedError

    monkeypatch.setattr(worker, "open_transport", remember)
    for name in ("", "een"):
        named = settings.model_copy(update={"instance": name})
        with pytest.raises(ConnectionRefusedError):
            await worker._consumer(SPECS["intake"], named, risk, asyncio.Event())
    assert asked == [None, "vth-intake-een"]


async def test_when_one_part_dies_the_worker_ends(
    settings: Settings, specs: dict[str, ServiceSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def die(*_: object) -> None:
        raise RuntimeError("the consumer died")

    monkeypatch.setitem(worker.RUNS, Part.CONSUMER, die)
    with pytest.raises(ExceptionGroup) as caught:
        async with asyncio.timeout(10):
            await run_worker("intake", settings, asyncio.Event())
    assert caught.group_contains(RuntimeError, match="the consumer died")


async def test_a_part_that_waits_for_a_broker_does_not_keep_the_worker(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.1)
    stop = asyncio.Event()

    async def hang(*_: object) -> None:
        stop.set()
        await asyncio.Event().wait()

    monkeypatch.setitem(worker.RUNS, Part.CONSUMER, hang)
    async with asyncio.timeout(10):
        await run_worker("intake", settings, stop)


async def test_jobs_run_in_the_worker(settings: Settings, specs: dict[str, ServiceSpec]) -> None:
    ran = asyncio.Event()
    stop = asyncio.Event()

    async def once(work: UnitOfWork) -> None:
        ran.set()

    often = recurring("vaak", "Vaak", timedelta(seconds=60), once)
    specs["intake"] = sample_service.with_jobs(SPECS["intake"], often)
    running = asyncio.create_task(run_worker("intake", settings, stop))
    async with asyncio.timeout(10):
        await ran.wait()
        stop.set()
        await running
