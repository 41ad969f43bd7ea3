"""Files through a whole service: its limits, its refusals and its headers stand around them."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import httpx2
import pytest

from shared.files.folder import FolderStorage
from shared.files.service import Files
from shared.service import build_service
from shared.settings import Settings
from tests.support.file_service import Cases, file_router, objects, open_cases, scanner_at
from tests.support.files import PDF, photo
from tests.support.sample_service import sample_spec


@pytest.fixture
async def cases(url: str, folder: Path, clamd: str) -> AsyncIterator[Cases]:
    cases = await open_cases(url, Files(FolderStorage(folder), scanner_at(clamd)))
    yield cases
    await cases.database.close()


@pytest.fixture
async def client(
    cases: Cases, url: str, server_settings: Settings
) -> AsyncIterator[httpx2.AsyncClient]:
    class Here(Settings):
        def database_for(self, service: str) -> str:
            return url

    spec = replace(sample_spec("intake", {}), api=file_router(cases))
    app = build_service(spec, Here(**server_settings.model_dump()))
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(transport=transport, base_url="http://dienst") as client:
            yield client


async def send(
    client: httpx2.AsyncClient, case_id: UUID, field: str, name: str, content: bytes
) -> httpx2.Response:
    files = {field: (name, content)}
    return await client.post(f"/v1/zaken/{case_id}/bestanden", files=files)


async def test_a_file_larger_than_other_requests_comes_in_and_goes_out(
    client: httpx2.AsyncClient, cases: Cases, server_settings: Settings
) -> None:
    content = PDF + bytes(server_settings.max_body_bytes)
    sent = await send(client, await cases.new("gm0153"), "stuk", "groot.pdf", content)
    assert sent.status_code == 201, sent.text
    assert sent.headers["api-version"] == "1.0.0"
    address = f"/v1/bestanden/{sent.json()[0]['id']}"
    whole = await client.get(address)
    assert whole.content == content
    assert whole.headers["content-security-policy"].startswith("sandbox")
    assert whole.headers["cache-control"] == "private, no-cache"
    asked = {"Range": "bytes=0-7", "Accept": "application/pdf"}
    part = await client.get(address, headers=asked)
    assert (part.status_code, part.content) == (206, b"%PDF-1.7")
    image = await send(client, await cases.new("gm0153"), "fotos", "a.png", photo("PNG"))
    shown = await client.get(
        f"/v1/bestanden/{image.json()[0]['id']}", headers={"Accept": "image/avif,image/png"}
    )
    assert shown.headers["content-type"] == "image/png"


async def test_a_request_over_the_limit_of_its_operation_is_refused(
    client: httpx2.AsyncClient, cases: Cases, folder: Path
) -> None:
    case_id = await cases.new("gm0153")
    sent = await send(client, case_id, "stuk", "te-groot.pdf", PDF + bytes(21 * 1024 * 1024))
    assert (sent.status_code, sent.json()["code"]) == (413, "te-groot")
    assert objects(folder) == []


async def test_other_operations_take_no_forms(client: httpx2.AsyncClient, cases: Cases) -> None:
    files = {"fotos": ("a.jpg", photo())}
    sent = await client.post(f"/v1/zaken/{await cases.new('gm0153')}/anders", files=files)
    assert (sent.status_code, sent.json()["status"]) == (415, 415)


async def test_an_operation_that_takes_files_takes_no_other_media(
    client: httpx2.AsyncClient, cases: Cases
) -> None:
    address = f"/v1/zaken/{await cases.new('gm0153')}/bestanden"
    sent = await client.post(address, content=b"x=1", headers={"content-type": "text/plain"})
    assert (sent.status_code, sent.json()["status"]) == (415, 415)
