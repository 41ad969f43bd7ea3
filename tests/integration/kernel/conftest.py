"""A small service, so that the kernel is tested without any of the real ones."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import asyncpg
import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from sqlalchemy import (
    CheckConstraint,
    Column,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    select,
)
from sqlalchemy.schema import CreateTable
from starlette.responses import Response

from shared.auth.api import may
from shared.auth.caller import Caller
from shared.auth.issuer import BY_SUBJECT, issue
from shared.contracts.reporting import SettlementAdopted
from shared.db.statements import DIALECT
from shared.http.dependencies import IfMatch, Once, Reading, Writing
from shared.http.idempotency import idempotency_table
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Amount, PointIn, Wire
from shared.http.schema import Text as WireText
from shared.http.versions import require_version
from shared.ids import new_id
from shared.messaging.tables import messaging_tables
from shared.product.roles import Scope
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

metadata = MetaData()
messaging = messaging_tables(metadata)
idempotency_table(metadata)
thing = Table(
    "thing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    CheckConstraint("name <> 'mislukt'", name="not_failing"),
)
LOCK = select(thing).where(thing.c.id == bindparam("id")).with_for_update()
ALL = (
    select(thing)
    .where(thing.c.name > bindparam("after"))
    .order_by(thing.c.name)
    .limit(bindparam("n"))
)

api = APIRouter()
Door = Annotated[Caller, may(Scope.COMPLAINTS_WRITE)]


class ThingIn(Wire):
    name: WireText
    amount: Amount | None = None
    place: PointIn | None = None


class ThingOut(Wire):
    id: Any
    name: str


def adopted(identity: Any) -> SettlementAdopted:
    return SettlementAdopted(
        version=1,
        settlement_id=identity,
        year=2026,
        minutes=1,
        owed="1.00",  # type: ignore[arg-type]
        advance="0.00",  # type: ignore[arg-type]
        balance="1.00",  # type: ignore[arg-type]
        adopted_on="2026-01-01",  # type: ignore[arg-type]
    )


@api.post("/dingen", status_code=201, response_model=ThingOut, responses=problems(409))
async def create(body: ThingIn, caller: Door, work: Writing, once: Once) -> Response:
    """Maak een ding."""
    identity = new_id()
    work.insert(thing, {"id": identity, "name": body.name, "version": 1})
    work.publish(adopted(identity))
    return once.answer(work, ThingOut(id=identity, name=body.name), version=1)


@api.put("/dingen/{id}", response_model=ThingOut, responses=problems(404, 412))
async def rename(id: str, body: ThingIn, caller: Door, version: IfMatch, work: Writing) -> Response:  # noqa: A002
    """Hernoem een ding."""
    row = await work.one(LOCK, "Dit ding", id=id)
    require_version(row, version)
    work.update(thing, key={"id": row["id"]}, values={"name": body.name, "version": version + 1})
    return answer(ThingOut(id=row["id"], name=body.name), version=version + 1)


@api.get("/dingen", response_model=list[ThingOut])
async def every(caller: Door, rows: Reading, page: Page) -> Response:
    """Alle dingen."""
    found = await rows.all(ALL, after=page.after[0] if page.after else "", n=page.limit)
    items = [ThingOut(id=row["id"], name=row["name"]) for row in found]
    last = [found[-1]["name"]] if len(found) == page.limit else None
    return listing(items, page, next_key=last)


SPEC = ServiceSpec(
    name="reporting",
    title="Dingen",
    description="Een dienst om de kern mee te beproeven.",
    version="1.2.3",
    metadata=metadata,
    messaging=messaging,
    api=api,
    pages=APIRouter(),
    templates=Path(__file__).parent,
    consumers={},
)


@pytest.fixture(scope="module")
async def app(server_settings: Settings, postgres_server: str) -> AsyncIterator[FastAPI]:
    name = "vth_kernel"
    root = await asyncpg.connect(postgres_server + "/postgres")
    await root.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await root.execute(f"CREATE DATABASE {name}")
    await root.close()
    connection = await asyncpg.connect(f"{postgres_server}/{name}")
    for table in metadata.sorted_tables:
        await connection.execute(str(CreateTable(table).compile(dialect=DIALECT)))
    await connection.close()

    class Here(Settings):
        def database_for(self, service: str) -> str:
            return f"{postgres_server}/{name}"

    settings = Here(**server_settings.model_dump())
    app = build_service(SPEC, settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    token = issue(app.state.settings, BY_SUBJECT["beheer"])
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport,
        base_url="http://vth.test/v1",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client
