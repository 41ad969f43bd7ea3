"""Real servers for the tests: PostgreSQL always, Apache Kafka where Java or a broker is at hand."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.postgres import EmbeddedPostgres


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder of this test process that an unprivileged account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="vth-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server (as superuser, without a database name)."""
    named = os.environ.get("VTH_DATABASE_URL")
    if named:
        yield named
        return
    with EmbeddedPostgres(server_folder / "postgres", durable=False) as server:
        yield server.url
