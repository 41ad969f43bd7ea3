"""Forms with files: what is refused, and how little memory they take."""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, closing
from io import BytesIO
from os import urandom
from pathlib import Path

import httpx2
import pytest
from PIL import Image

from shared.files.scanning import NoScanner
from tests.support.file_service import objects, opened, refusal, send
from tests.support.files import PDF, free_port, photo
from tests.support.waiting import until


@pytest.mark.parametrize(
    ("field", "name", "content", "code"),
    [
        ("fotos", "a.jpg", b"<html><script>alert(1)</script></html>" * 9, "type"),
        ("fotos", "a.jpg", PDF, "type"),
        ("fotos", "a.jpg", b"", "leeg"),
        ("fotos", "a.jpg", photo()[:3000], "onleesbaar"),
        ("fotos", "../a.jpg", photo(), "naam-ongeldig"),
        ("fotos", "a" * 300, photo(), "te-lang"),
        ("fotos", "a.jpg", photo() + bytes(6 * 1024 * 1024), "te-groot"),
        ("stuk", "a.docx", b"PK\x03\x04" + urandom(500), "onleesbaar"),
        ("stuk", "a.pdf", photo(), "type"),
        ("anders", "a.jpg", photo(), "onbekend"),
    ],
)
async def test_a_refusal_names_the_field_and_leaves_nothing(
    url: str, folder: Path, field: str, name: str, content: bytes, code: str
) -> None:
    async with opened(url, folder, NoScanner()) as (cases, client):
        sent = await send(
            client,
            await cases.new("gm0153"),
            ("fotos", "goed.jpg", photo()),
            (field, name, content),
        )
    assert refusal(sent) == [(field, code)]
    assert objects(folder) == []


async def test_too_many_files_in_a_field(url: str, folder: Path) -> None:
    async with opened(url, folder, NoScanner()) as (cases, client):
        pictures = [("fotos", f"{number}.jpg", photo(size=(9, 9))) for number in range(4)]
        sent = await send(client, await cases.new("gm0153"), *pictures)
    assert refusal(sent) == [("fotos", "te-veel")]
    assert "ten hoogste 3 bestanden" in sent.text
    assert objects(folder) == []


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"content-type": "application/json"}, b"{}", 415),
        ({"content-type": "multipart/form-data"}, b"", 415),
        ({"content-type": "multipart/form-data; boundary=x"}, b"", 400),
        ({"content-type": "multipart/form-data; boundary=x"}, b"onzin", 400),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nafgebroken',
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b"--x\r\nContent-Disposition: form-data\r\n\r\nzonder naam\r\n--x--\r\n",
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b"--x\r\nX: " + b"y" * 20_000 + b"\r\n\r\n1\r\n--x--\r\n",
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 200 + b"--x--\r\n",
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n'
            + b"z" * 70_000
            + b"\r\n--x--\r\n",
            400,
        ),
        (
            {"content-type": "multipart/form-data; boundary=x"},
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            400,
        ),
    ],
)
async def test_a_broken_form_is_refused(
    url: str, folder: Path, headers: dict[str, str], body: bytes, status: int
) -> None:
    async with opened(url, folder, NoScanner()) as (cases, client):
        address = f"/zaken/{await cases.new('gm0153')}/bestanden"
        answer = await client.post(address, content=body, headers=headers)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


async def test_three_large_photos_take_little_memory(url: str, folder: Path, clamd: str) -> None:
    """Of the whole process, as the system counts it."""
    large = noisy_photo()
    assert 4_500_000 < len(large) < 6_000_000
    async with opened(url, folder, NoScanner()) as (cases, _):
        case_id = await cases.new("gm0153")
    async with served(url, folder, clamd) as (pid, client):
        await send(client, case_id, ("fotos", "warm.jpg", photo()))
        before = peak(pid)
        sent = await client.post(
            f"/zaken/{case_id}/bestanden",
            content=form_of(large, 3),
            headers={"content-type": "multipart/form-data; boundary=grens"},
        )
        after = peak(pid)
    assert [each["stand"] for each in sent.json()] == ["gereed"] * 3
    assert after - before < 30_000


@asynccontextmanager
async def served(
    url: str, folder: Path, clamd: str
) -> AsyncIterator[tuple[int, httpx2.AsyncClient]]:
    """The service as a process of its own, as the settings make it."""
    port = free_port()
    settings = {
        "VTH_DATABASE_URL": url,
        "VTH_FILES_DIR": str(folder),
        "VTH_FILES_SCANNER": "clamd",
        "VTH_FILES_CLAMD": clamd,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uvicorn", "--factory", "tests.support.file_service:served"),
        *("--port", str(port), "--log-level", "warning"),
        env={**os.environ, **settings},
    )
    try:
        await until(lambda: listens(port), 30)
        address = f"http://127.0.0.1:{port}"
        async with httpx2.AsyncClient(base_url=address, timeout=120) as client:
            yield process.pid, client
    finally:
        process.terminate()
        await process.wait()


def listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def noisy_photo() -> bytes:
    written = BytesIO()
    Image.frombytes("RGB", (3200, 2200), urandom(21_120_000)).save(written, "JPEG", quality=85)
    return written.getvalue()


async def form_of(content: bytes, count: int) -> AsyncGenerator[bytes]:
    for number in range(count):
        yield (
            b'--grens\r\nContent-Disposition: form-data; name="fotos"; '
            b'filename="%d.jpg"\r\n\r\n' % number
        )
        for at in range(0, len(content), 65_536):
            yield content[at : at + 65_536]
        yield b"\r\n"
    yield b"--grens--\r\n"


def peak(pid: int) -> int:
    """The largest memory the process ever had, in kB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])
