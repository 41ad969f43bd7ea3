"""A folder of an earlier release (`.local`) starts under today's launcher, with its data."""

import asyncio
import json
import re
from pathlib import Path

import asyncpg
import httpx2
import pytest

from deploy.postgres import EmbeddedPostgres
from shared.auth.pages import SESSION_COOKIE
from shared.settings import SERVICES
from tests.support.platform import Platform, running_platform
from tests.support.releases import HELD, RELEASES, restore

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("platform")]

# As the first release kept them.
SECRETS = {
    "VTH_MASTER_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
    "VTH_TOKEN_KEY": "token-key-of-an-installation-of-then",
    "VTH_DATABASE_PASSWORDS": "password-of-an-installation-of-then",
}
PAGES = {
    "/intake/klachten": "klachten",
    "/risk/locaties": "planner",
    "/enforcement/controles": "toezicht",
    "/enforcement/overtredingen": "jurist",
}


async def fill(server: EmbeddedPostgres, release: str) -> None:
    """Roles and databases as the launcher of then made them, with the data of the dump."""
    admin = await asyncpg.connect(f"{server.url}/postgres")
    password = SECRETS["VTH_DATABASE_PASSWORDS"]
    port = re.search(r":(\d+)$", server.url)
    assert port is not None
    for name in HELD:
        role = f"vth_{name}"
        await admin.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'")
        await admin.execute(f"CREATE DATABASE {role} OWNER {role} ENCODING 'UTF8'")
        await admin.execute(f"REVOKE CONNECT, TEMPORARY ON DATABASE {role} FROM PUBLIC")
        url = f"postgresql://{role}:{password}@127.0.0.1:{port[1]}/{role}"
        await restore(release, name, url)
    await admin.close()


def page(platform: Platform, path: str, user: str) -> str:
    """A page as somebody sees it who is signed in."""
    cookies = {SESSION_COOKIE: platform.session(user)}
    answer = httpx2.get(platform.url + path, cookies=cookies, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("release", RELEASES)
def test_a_folder_of_then_starts_with_its_data(release: str, server_folder: Path) -> None:
    folder = server_folder / f"folder-{release}"
    home = folder / "home"
    home.mkdir(mode=0o755, parents=True)
    (home / "secrets.json").write_text(json.dumps(SECRETS), "utf-8")
    (home / "demo-loaded").touch()
    with EmbeddedPostgres(home / "postgres", with_password=True) as server:
        asyncio.run(fill(server, release))
    with running_platform(folder) as platform:
        assert "✓ Databases en tabellen bijwerken" in platform.output
        for path, user in PAGES.items():
            assert re.search(r"\b(K|L|C|OV)-20\d\d-\d{6}\b", page(platform, path, user)), path
        counts = asyncio.run(parked(home))
    assert counts == dict.fromkeys(SERVICES, 0)


async def parked(home: Path) -> dict[str, int]:
    """How many events each service put aside."""
    url = EmbeddedPostgres(home / "postgres", with_password=True).url
    found = {}
    for service in SERVICES:
        connection = await asyncpg.connect(f"{url}/vth_{service}")
        found[service] = await connection.fetchval("SELECT count(*) FROM parked_event")
        await connection.close()
    return found
