"""`make scale`: fill an installation to S and then to M or L, and measure all it can be asked."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import uvloop
from pydantic import SecretStr

from deploy import databases, services, web
from deploy.postgres import EmbeddedPostgres
from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.pages import SESSION_COOKIE
from shared.auth.provider import Tokens
from shared.sessions.sessions import open_sessions
from shared.settings import SERVICES, Settings
from tests.perf.lab import quiet
from tests.scale.calls import Asker, Heart
from tests.scale.filling import fill
from tests.scale.goal import Line, lines_of, show
from tests.scale.measuring import Timing, measure, time_of
from tests.scale.sizes import SIZES, SMALL
from tests.scale.walking import Walk, walk_api, walk_pages, walk_rest
from tests.support.people import EVERY_ROLE

# Who sees all rows, and who sees those of one participant: two roles of the database.
# The work that is filled in is that of `beheer`.
CALLERS: Final = (replace(EVERY_ROLE, subject="beheer"), BY_SUBJECT["enschede"])
# Routes that answer something else than a table's rows.
EXCUSED: Final[Mapping[str, str]] = {
    "/intake/melden/{stap}": "asks a citizen something; nothing is read",
    "/intake/v1/klachten/{klachtId}/melder": "nobody's data are filled in",
    "/intake/v1/klachten/{klachtId}/antwoord": "a paper, which is made once",
    "/intake/klachten/{id}/antwoord.{vorm}": "a paper, which is made once",
}
KEY: Final = "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="


def main() -> int:
    """Measure at S and at the size that was asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="M")
    parser.add_argument("--only", choices=SERVICES, action="append", help="measure these services")
    asked = parser.parse_args()
    quiet()
    with tempfile.TemporaryDirectory(prefix="vth-scale-") as folder:
        Path(folder).chmod(0o755)
        with EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server:
            settings = _settings(server.url, Path(folder))
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                holds = runner.run(_measure(settings, asked.size, asked.only or SERVICES))
    return 0 if holds else 1


def _settings(url: str, folder: Path) -> Settings:
    return Settings(
        environment="test",
        database_url=SecretStr(url),
        master_key=SecretStr(KEY),
        webhook_key=SecretStr(KEY),
        token_key=SecretStr("scale-token-key-of-more-than-32-characters"),
        outbox_dir=folder / "post",
        files_dir=folder / "files",
        public_url="http://127.0.0.1:8000",
        slow_statement_ms=100_000,
    )


async def _measure(settings: Settings, size: str, only: Collection[str]) -> bool:
    await databases.create(settings, databases.DATABASES)
    for name in databases.DATABASES:
        await databases.upgrade_async(
            name, databases.administration(settings, f"vth_{name}"), examples=True
        )
    found: dict[str, dict[str, dict[str, Timing]]] = {}
    walks: list[Walk] = []
    lines: list[Line] = []
    for each in (SMALL, size):
        await fill(settings, SIZES[each], only)
        async with _site(settings) as app, Heart() as heart:
            walks = []
            for user in CALLERS:
                caller = user.subject
                asker = await _signed_in(Asker(app, heart), user, settings)
                walks.append(await _walk(asker, only))
                found.setdefault(caller, {})[each] = await measure(asker, walks[-1])
                if each == size:
                    lines += await _again(
                        asker, lines_of(caller, found[caller][SMALL], found[caller][size])
                    )
                print(f"{each}: {len(walks[-1].addresses)} measured as {caller}", flush=True)
    return show(size, lines, _unmeasured(walks, only))


@asynccontextmanager
async def _site(settings: Settings) -> AsyncIterator[Any]:
    app = web.build(SERVICES, settings)
    async with app.router.lifespan_context(app):
        yield app


async def _signed_in(asker: Asker, user: ExampleUser, settings: Settings) -> Asker:
    """With a session for pages and a token for the APIs: no person may see all that is measured."""
    token = issue(settings, user)
    async with open_sessions(settings) as sessions:
        cookie = await sessions.begin(Tokens(token))
    asker.headers["cookie"] = f"{SESSION_COOKIE}={cookie}"
    asker.headers["authorization"] = f"Bearer {token}"
    return asker


async def _walk(asker: Asker, only: Collection[str]) -> Walk:
    walk = Walk(only)
    await walk_pages(asker, walk)
    for service in only:
        await walk_api(asker, walk, service)
        await walk_rest(asker, walk, _pages_of(service))
    return walk


async def _again(asker: Asker, lines: Iterable[Line]) -> list[Line]:
    """What misses is measured once more: the machine may have been busy."""
    kept = []
    for line in lines:
        if line.misses:
            second = await time_of(asker, line.large.address)
            other = Line(line.service, line.caller, line.name, line.small, second)
            kept.append(min((line, other), key=lambda each: (len(each.misses), each.large.p50)))
        else:
            kept.append(line)
    return kept


def _unmeasured(walks: Iterable[Walk], only: Iterable[str]) -> dict[str, list[str]]:
    """The routes that answer a GET and that no walk came to."""
    reached = set().union(*(walk.routes for walk in walks), EXCUSED)
    return {service: sorted((_api_of(service) | _pages_of(service)) - reached) for service in only}


def _api_of(service: str) -> set[str]:
    return {f"/{service}/v1{path}" for path in _gets(services.spec_of(service).api.routes)}


def _pages_of(service: str) -> set[str]:
    return {f"/{service}{path}" for path in _gets(services.spec_of(service).pages.routes)}


def _gets(routes: Iterable[Any]) -> Iterator[str]:
    """The paths that answer a GET, also those of a router within a router."""
    for route in routes:
        if router := getattr(route, "original_router", None):
            yield from _gets(router.routes)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


if __name__ == "__main__":
    sys.exit(main())
