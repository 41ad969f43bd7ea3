"""A service of almost nothing that keeps files: cases with a key of their own.

`uvicorn --factory tests.support.file_service:served` runs it as a process of its own.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

import httpx2
import orjson
from fastapi import APIRouter, Depends, FastAPI, Header, Request
from pydantic import SecretStr
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text, Uuid, bindparam, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from starlette.responses import Response

from shared.auth.sight import Sight
from shared.crypto import Vault
from shared.db.database import Database
from shared.db.outbox import Publisher
from shared.db.query import Query
from shared.db.rows import Rows
from shared.encryption_keys import encryption_key_table
from shared.files.downloads import download, thumbnail
from shared.files.folder import FolderStorage
from shared.files.kinds import DOCUMENT, MB, FileKind, of_families
from shared.files.scanning import ClamdScanner, Scanner
from shared.files.service import Files, files_of, name_of
from shared.files.states import Owner, OwnerKey
from shared.files.store import FileStore
from shared.files.tables import files_table
from shared.files.uploads import Accepts, read_form
from shared.http import problems
from shared.ids import new_id
from shared.messaging.tables import messaging_tables
from shared.settings import Settings
from shared.webhooks.tables import subscription_tables

METADATA = MetaData()
MESSAGING = messaging_tables(METADATA)
encryption_key_table(METADATA)
subscription_tables(METADATA)
CASE = Table(
    "case",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("participant", Text, nullable=False),
    Column("key_id", Uuid, nullable=False),
    Column("wrapped", LargeBinary),
)
FILES = FileStore(files_table(METADATA))
PHOTOS = FileKind("foto", 6 * 1024 * 1024, of_families("image"), personal=True)
ACCEPTS = {"fotos": Accepts(PHOTOS, 3), "stuk": Accepts(DOCUMENT)}

_KEY = Query(bytes, select(CASE.c.wrapped).where(CASE.c.key_id == bindparam("key_id")))
_KEY_ID = Query(UUID, select(CASE.c.key_id).where(CASE.c.id == bindparam("id")))


class Cases:
    """The cases, their keys, and their files."""

    def __init__(self, database: Database, files: Files, vault: Vault) -> None:
        self.database = database
        self.files = files
        self.vault = vault

    async def new(self, participant: str) -> UUID:
        case_id = new_id()
        async with self.database.work("test", sight=Sight.ALL) as work:
            wrapped = self.vault.wrap(self.vault.new_key())
            row = {
                "id": case_id,
                "participant": participant,
                "key_id": new_id(),
                "wrapped": wrapped,
            }
            work.insert(CASE, row)
        return case_id

    async def erase(self, case_id: UUID) -> None:
        async with self.database.work("test", sight=Sight.ALL) as work:
            work.update(CASE, key={"id": case_id}, values={"wrapped": None})

    async def key(self, rows: Rows, key_id: UUID) -> OwnerKey | None:
        wrapped = await rows.first(_KEY, key_id=key_id)
        return OwnerKey(key_id, self.vault.unwrap(wrapped)) if wrapped else None

    async def key_of(self, rows: Rows, case_id: UUID) -> OwnerKey | None:
        return await self.key(rows, await rows.one(_KEY_ID, id=case_id))


def sight(deelnemer: Annotated[str | None, Header()] = None) -> Sight:
    return Sight.of([deelnemer]) if deelnemer else Sight.ALL


Seeing = Annotated[Sight, Depends(sight)]


def file_app(cases: Cases) -> FastAPI:
    """Its API, without what a service puts around it."""
    app = FastAPI()
    problems.install(app)
    app.include_router(file_router(cases))
    return app


def file_router(cases: Cases) -> APIRouter:
    """Its operations."""
    app = APIRouter()

    @app.post("/zaken/{case_id}/bestanden", max_body_size=20 * MB)
    async def upload(request: Request, case_id: UUID) -> Response:
        async with cases.database.read(Sight.ALL) as rows:
            key = await cases.key_of(rows, case_id)
        form = await read_form(request, cases.files, ACCEPTS, key=key)
        owner = Owner("zaak", case_id, form.values.get("deelnemer"))
        async with cases.database.work("test", sight=Sight.ALL) as work:
            kept = [FILES.add(work, each, owner) for each in form.all_files]
        return answer([{"id": str(file.id), "stand": file.state} for file in kept], 201)

    @app.get("/zaken/{case_id}/bestanden")
    async def listed(case_id: UUID, sight: Seeing) -> Response:
        async with cases.database.read(sight) as rows:
            key = await cases.key_of(rows, case_id)
            found = await FILES.of_owner(rows, "zaak", case_id, sight)
        return answer(
            [
                {"id": str(file.id), "naam": name_of(file, key if file.key_id else None)}
                for file in found
                if cases.files.shows(file)
            ]
        )

    @app.api_route("/bestanden/{file_id}", methods=["GET", "HEAD"])
    async def one(request: Request, file_id: UUID, sight: Seeing, klein: int = 0) -> Response:
        async with cases.database.read(sight) as rows:
            file = await FILES.one(rows, file_id, sight)
            key = await cases.key(rows, file.key_id) if file.key_id else None
        if klein:
            return await thumbnail(request, cases.files, file, key)
        return await download(request, cases.files, file, key, inline=True)

    return app


def answer(value: object, status: int = 200) -> Response:
    return Response(orjson.dumps(value), status, media_type="application/json")


async def create_tables(url: str) -> None:
    """Add the tables of cases to a migrated database of intake, as their owner where it has one."""
    engine = create_async_engine(url.replace("://", "+asyncpg://", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        owner = "SELECT rolname FROM pg_roles WHERE rolname = 'vth_intake_owner'"
        if role := (await connection.exec_driver_sql(owner)).scalar():
            await connection.exec_driver_sql(f"SET LOCAL ROLE {role}")
        await connection.run_sync(METADATA.create_all)
    await engine.dispose()


async def open_cases(url: str, files: Files) -> Cases:
    publisher = Publisher(MESSAGING.outbox, source="urn:test", public_url="http://127.0.0.1")
    return Cases(await Database.open(url, publisher=publisher), files, Vault(b"m" * 32))


def served() -> FastAPI:
    """The application with the database of `VTH_DATABASE_URL`, and files by the settings."""
    settings = Settings()
    url: SecretStr = settings.database_url
    cases: list[Cases] = []

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        cases.append(await open_cases(url.get_secret_value(), files_of("intake", settings)))
        app.mount("/", file_app(cases[0]))
        yield
        await cases[0].database.close()

    return FastAPI(lifespan=lifespan)


@asynccontextmanager
async def opened(
    url: str, folder: Path, scanner: Scanner, *, show_unscanned: bool = False
) -> AsyncIterator[tuple[Cases, httpx2.AsyncClient]]:
    files = Files(FolderStorage(folder), scanner, show_unscanned=show_unscanned)
    cases = await open_cases(url, files)
    transport = httpx2.ASGITransport(file_app(cases))
    async with httpx2.AsyncClient(transport=transport, base_url="http://dienst") as client:
        yield cases, client
    await cases.database.close()


def scanner_at(address: str) -> ClamdScanner:
    host, _, port = address.rpartition(":")
    return ClamdScanner(host, int(port))


def objects(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def send(
    client: httpx2.AsyncClient, case_id: UUID, *files: tuple[str, str, bytes], **values: str
) -> httpx2.Response:
    parts = [(field, (name, content, "text/html")) for field, name, content in files]
    return await client.post(f"/zaken/{case_id}/bestanden", files=parts, data=values)


def refusal(response: httpx2.Response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.text
    return [(param["name"], param["code"]) for param in response.json()["invalidParams"]]
