"""A small service, so that the kernel is tested without any of the real ones."""

from collections.abc import AsyncIterator
from html import escape
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
from starlette.responses import HTMLResponse, Response

from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.pages import SESSION_COOKIE
from shared.context import ReadContext, WriteContext
from shared.contracts.reporting import SettlementAdopted
from shared.db.statements import DIALECT
from shared.errors import conflict, require_version
from shared.http.context import ApiWriteContext, reading, writing
from shared.http.dependencies import IfMatch
from shared.http.idempotency import idempotency_table
from shared.http.openapi import problems
from shared.http.paging import Page
from shared.http.responses import answer, listing
from shared.http.schema import Amount, PointIn, Wire
from shared.http.schema import Text as WireText
from shared.ids import new_id
from shared.messaging.tables import messaging_tables
from shared.product.roles import Scope
from shared.service import ServiceSpec, build_service
from shared.settings import Settings
from shared.ui.context import PageReadContext, Submission, page_reading, page_writing
from shared.ui.forms import Form
from tests.support.sessions import use_tokens

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
        owed="1.00",
        advance="0.00",
        balance="1.00",
        adopted_on="2026-01-01",
    )


class Kit:
    """What the service holds: the letters in front of a name."""

    def __init__(self, settings: Settings) -> None:
        self.agency = settings.agency_name


Reading = Annotated[ReadContext[Kit], reading()]
Writing = Annotated[ApiWriteContext[Kit], writing()]
PageReading = Annotated[PageReadContext[Kit], page_reading()]
PageWriting = Annotated[Submission[Kit], page_writing()]


async def create(body: ThingIn, ctx: WriteContext[Kit]) -> ThingOut:
    """The command: only here a right is asked for."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    if body.name == "geweigerd":
        raise conflict("name", "geweigerd", "Deze naam mag niet.")
    identity = new_id()
    ctx.work.insert(thing, {"id": identity, "name": body.name, "version": 1})
    ctx.work.publish(adopted(identity))
    return ThingOut(id=identity, name=body.name)


@api.post("/dingen", status_code=201, response_model=ThingOut, responses=problems(409))
async def create_api(body: ThingIn, ctx: Writing) -> Response:
    """Maak een ding."""
    return ctx.answer(await create(body, ctx), status=201, version=1)


@api.post("/vergeten-sleutels", response_model=ThingOut)
async def forgets_the_key(body: ThingIn, ctx: Writing) -> Response:
    """A fault of the program: the answer is not kept."""
    return answer(await create(body, ctx))


@api.put("/dingen/{id}", response_model=ThingOut, responses=problems(404, 412))
async def rename(id: str, body: ThingIn, version: IfMatch, ctx: Writing) -> Response:  # noqa: A002
    """Hernoem een ding."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    row = await ctx.work.one(LOCK, "Dit ding", id=id)
    require_version("Dit gegeven", expected=version, found=row["version"])
    values = {"name": body.name, "version": version + 1}
    ctx.work.update(thing, key={"id": row["id"]}, values=values)
    return ctx.answer(ThingOut(id=row["id"], name=body.name), version=version + 1)


@api.get("/dingen", response_model=list[ThingOut])
async def every(ctx: Reading, page: Page) -> Response:
    """Alle dingen."""
    ctx.require(Scope.COMPLAINTS_READ)
    found = await ctx.rows.all(ALL, after=page.after[0] if page.after else "", n=page.limit)
    items = [ThingOut(id=row["id"], name=row["name"]) for row in found]
    last = [found[-1]["name"]] if len(found) == page.limit else None
    return listing(items, page, next_key=last)


screens = APIRouter()


async def form_page(ctx: PageReadContext[Kit], form: Form, status: int = 200) -> Response:
    """The form with what was typed: enough of a page to see what a browser would show."""
    ctx.require(Scope.COMPLAINTS_READ)
    beside = "".join(f"<p id={each.name}-fout>{each.text}</p>" for each in form.problems)
    typed = escape(form.text("naam"))
    page = f"<h1>{ctx.kit.agency}</h1><p>{form.message}</p>{beside}<input value='{typed}'>"
    return HTMLResponse(page, status)


@screens.get("/dingen/nieuw")
async def new(ctx: PageReading) -> Response:
    """An empty form."""
    return await form_page(ctx, Form())


@screens.post("/dingen/nieuw")
async def create_form(sent: PageWriting) -> Response:
    """The same command as the API."""

    async def act(form: Form, ctx: WriteContext[Kit]) -> str:
        made = await create(form.read(ThingIn), ctx)
        return f"/reporting/dingen/{made.id}"

    return await sent.submit(act, otherwise=form_page)


SPEC = ServiceSpec(
    name="reporting",
    title="Dingen",
    description="Een dienst om de kern mee te beproeven.",
    version="1.2.3",
    metadata=metadata,
    messaging=messaging,
    api=api,
    pages=screens,
    templates=Path(__file__).parent,
    consumers={},
    kit=Kit,
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

    settings = Here(
        **{
            **server_settings.model_dump(),
            "request_seconds": 0.5,
            "allowed_origins": ("https://kaart.example.nl",),
        }
    )
    app = build_service(SPEC, settings)
    async with app.router.lifespan_context(app):
        use_tokens(app, settings)
        yield app


@pytest.fixture(scope="module")
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    token = issue(app.state.settings, BY_SUBJECT["klachten"])
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport,
        base_url="http://vth.test/v1",
        headers={"Authorization": f"Bearer {token}"},
    ) as client:
        yield client


@pytest.fixture(scope="module")
async def browser(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    token = issue(app.state.settings, BY_SUBJECT["klachten"])
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://vth.test", cookies={SESSION_COOKIE: token}
    ) as browser:
        yield browser
