"""What tests of files share: a storage in memory, pictures, and real servers beside the tests.

A malware scanner (clamd) where Debian's package is installed: elsewhere its tests are skipped and
said so, in CI they fail. An S3 server comes with the development requirements.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image

from shared.files.storage import MissingError, StoredObject

NO_SCANNER = "the malware scanner is not tested here"
# The harmless file that every scanner reports; in two halves, so that none reports this one.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
EICAR_MD5 = "44d88612fea8a8f36de82e1278abb02f"
PDF = b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 5000 + b"%%EOF\n"


class MemoryStorage:
    """A storage for tests of what uses one."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    async def put(self, key: str, content: AsyncIterable[bytes]) -> None:
        self.objects[key] = b"".join([block async for block in content])

    async def stream(
        self, key: str, *, start: int = 0, length: int | None = None
    ) -> AsyncGenerator[bytes]:
        if key not in self.objects:
            raise MissingError(key)
        whole = self.objects[key][start:]
        part = whole if length is None else whole[:length]
        for at in range(0, len(part), 10_007):
            yield part[at : at + 10_007]

    async def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    async def list(self, prefix: str) -> AsyncIterator[StoredObject]:
        for key, content in self.objects.items():
            if key.startswith(prefix):
                yield StoredObject(key, len(content), datetime.now(UTC))


async def blocks(content: bytes, size: int = 1000) -> AsyncGenerator[bytes]:
    """The bytes as they would come in."""
    for at in range(0, len(content), size):
        yield content[at : at + size]


async def whole(content: AsyncIterable[bytes]) -> bytes:
    return b"".join([block async for block in content])


def photo(form: str = "JPEG", size: tuple[int, int] = (640, 480)) -> bytes:
    """A picture as a telephone makes it: turned, with the place where it was taken."""
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter
    exif[0x010F] = "Telefoonmaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (52.0, 13.0, 30.0), 3: "E", 4: (6.0, 53.0, 20.0)})
    written = BytesIO()
    picture.save(written, form, exif=exif)
    return written.getvalue()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real clamd that knows one thing: the EICAR file."""
    program = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if program is None:
        reason = f"{NO_SCANNER}: install Debian's clamav-daemon"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("clamd")
    # The second signature finds the same text within another file.
    folder.joinpath("test.ndb").write_text(f"VTH.Test.Within:0:*:{EICAR.hex()}\n")
    folder.joinpath("test.hdb").write_text(f"{EICAR_MD5}:{len(EICAR)}:VTH.Test.Eicar\n")
    port = free_port()
    config = folder / "clamd.conf"
    config.write_text(
        f"DatabaseDirectory {folder}\nTCPSocket {port}\nTCPAddr 127.0.0.1\n"
        "Foreground yes\nStreamMaxLength 50M\n"
    )
    with _running([program, "-c", str(config)], port):
        yield f"127.0.0.1:{port}"


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a real server that speaks S3."""
    port = free_port()
    command = ["-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _running([sys.executable, *command], port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet) as process:
        try:
            _wait(process, port)
            yield
        finally:
            process.terminate()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        else:
            return


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly at the end that the scanner did not run."""
    missed = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_SCANNER in report.longrepr[2]
    ]
    if missed:
        terminalreporter.section("MALWARE SCANNER NOT TESTED", red=True, bold=True)
        terminalreporter.write_line(missed[0].longrepr[2], red=True)
        terminalreporter.write_line(f"{len(missed)} tests did not run.", red=True)
