"""Accepting a complaint over HTTP against the bare reference: one worker each, the same load."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import asyncpg

from deploy import databases
from deploy.postgres import EmbeddedPostgres
from deploy.postgres_folder import free_port
from shared.auth.issuer import BY_SUBJECT, issue
from shared.settings import Settings
from tests.perf.figures import Figure

ROUNDS = 7
SECONDS = 4
LUA = """
local n = 0
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer {token}"
function request()
  n = n + 1
  wrk.headers["Idempotency-Key"] = "{round}-" .. n .. "-" .. tostring({{}})
  return wrk.format(nil, nil, nil, [[{body}]])
end
"""
BODY = (
    '{"categorie":"geur","omschrijving":"Sterke chemische lucht bij het kanaal, al sinds vanmorgen '
    'vroeg en het wordt steeds erger","kanaal":"telefoon","plaatsomschrijving":"bij de haven",'
    '"melder":{"naam":"Voorbeeld","emailadres":"melder@example.nl"},"terugkoppelingGewenst":false}'
)
BARE_BODY = re.sub(r'"melder".*', '"signaaltijdstip":null}', BODY)


def measure(folder: Path) -> list[Figure]:
    """Requests per second of both, in turn, and the median ratio."""
    if shutil.which("wrk") is None:
        raise SystemExit("this benchmark needs wrk (Debian package wrk)")
    with EmbeddedPostgres(folder / "postgres") as server, _servers(server.url) as (ours, bare):
        token = issue(ours.settings, BY_SUBJECT["klachten"])
        pairs = []
        for turn in range(ROUNDS + 1):
            pair = (
                _load(f"{ours.url}/intake/v1/klachten", token, BODY, turn),
                _load(f"{bare}/klachten", "", BARE_BODY, turn),
            )
            if turn:
                pairs.append(pair)
    ratios = sorted(mine / theirs for mine, theirs in pairs)
    ratio = ratios[len(ratios) // 2]
    mine, theirs = (sorted(column)[len(pairs) // 2] for column in zip(*pairs, strict=True))
    return [
        Figure(
            "complaint accepted", round(mine), "req/s", round(theirs), round(ratio, 2),
            ">= 0.8 of bare FastAPI + asyncpg", ratio >= 0.8,
        )
    ]  # fmt: skip


class _Ours:
    def __init__(self, url: str, settings: Settings) -> None:
        self.url, self.settings = url, settings


@contextmanager
def _servers(database_url: str) -> Iterator[tuple[_Ours, str]]:
    environment = {
        **os.environ,
        "VTH_ENVIRONMENT": "test",
        "VTH_DATABASE_URL": database_url,
        "VTH_MASTER_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
        "VTH_WEBHOOK_KEY": "d2ViaG9va3dlYmhvb2t3ZWJob29rd2ViaG9va3dlYmg=",
        "VTH_TOKEN_KEY": "perf-token-key-of-more-than-32-characters",
        "VTH_LOG_LEVEL": "WARNING",
        # All requests come from one account; counted they are.
        "VTH_REQUESTS_PER_MINUTE": "100000000",
        "BARE_URL": f"{database_url}/bare",
    }
    settings = Settings.model_validate({
        name.removeprefix("VTH_").lower(): value
        for name, value in environment.items() if name.startswith("VTH_")
    })  # fmt: skip
    asyncio.run(_prepare(settings, database_url))
    ports = free_port(0), free_port(0)
    serve = [sys.executable, "-m", "deploy.cli", "serve", "intake", "--port", str(ports[0])]
    bare = [
        *(sys.executable, "-m", "uvicorn", "tests.perf.bare:app", "--port", str(ports[1])),
        *("--no-access-log", "--log-level", "warning"),
    ]
    started = [subprocess.Popen(command, env=environment) for command in (serve, bare)]
    try:
        urls = [f"http://127.0.0.1:{port}" for port in ports]
        _await(f"{urls[0]}/intake/health/live")
        _await(f"{urls[1]}/openapi.json")
        yield _Ours(urls[0], settings), urls[1]
    finally:
        for process in started:
            process.terminate()
        for process in started:
            process.wait(20)


async def _prepare(settings: Settings, url: str) -> None:
    needed = ("intake", databases.SESSIONS)
    await databases.create(settings, needed)
    for name in needed:
        url_of = databases.administration(settings, f"vth_{name}")
        await databases.upgrade_async(name, url_of, examples=True)
    connection = await asyncpg.connect(f"{url}/postgres")
    await connection.execute("CREATE DATABASE bare")
    await connection.close()


def _await(url: str) -> None:
    for _ in range(200):
        try:
            with urlopen(url, timeout=2):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(url)


def _load(url: str, token: str, body: str, turn: int) -> float:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(LUA.format(token=token, body=body, round=f"{time.time_ns()}-{turn}"))
        script.flush()
        command = ["wrk", "-t1", "-c32", f"-d{SECONDS}s", "-s", script.name, url]
        output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output:
        raise RuntimeError(f"{url} refused requests:\n{output}")
    found = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert found, output
    return float(found[1])
