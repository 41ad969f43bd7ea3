"""The web process with all services, seen by the browsers of people; a provider where asked."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import asyncpg
import httpx2
import pytest
from pydantic import SecretStr

from deploy import web
from shared.settings import SERVICES, Settings
from tests.support.issuer import CLIENT, CLIENT_SECRET, Issuer, running_issuer

SITE = "http://vth.test"
HERE = {"sec-fetch-site": "same-origin"}


class Process:
    """One web process; several may serve the same installation."""

    def __init__(self, app: Any) -> None:
        self.app = app

    @asynccontextmanager
    async def browser(self, **cookies: str) -> AsyncIterator[httpx2.AsyncClient]:
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url=SITE, headers=HERE, cookies=cookies
        ) as browser:
            yield browser


@asynccontextmanager
async def started(settings: Settings) -> AsyncIterator[Process]:
    app = web.build(SERVICES, settings)
    async with app.router.lifespan_context(app):
        yield Process(app)


@pytest.fixture(scope="module")
async def process(platform_settings: Settings) -> AsyncIterator[Process]:
    """Without a provider: example users."""
    async with started(platform_settings) as process:
        yield process


@pytest.fixture(scope="module")
def provider() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def issuer(provider: Issuer) -> Issuer:
    """The provider as it is in the morning."""
    provider.subject, provider.roles, provider.life = "anna", ("klachtbehandelaar",), 900
    provider.away, provider.slow = False, 0.0
    for each in (provider.lies, provider.asked, provider.signed_out):
        each.clear()
    return provider


@pytest.fixture(scope="module")
def with_provider(platform_settings: Settings, provider: Issuer) -> Settings:
    return platform_settings.model_copy(
        update={
            "token_key": SecretStr(""),
            "public_url": SITE,
            "oidc_issuer": provider.url,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SecretStr(CLIENT_SECRET),
        }
    )


@pytest.fixture(scope="module")
async def pair(with_provider: Settings) -> AsyncIterator[tuple[Process, Process]]:
    """Two processes, as on two hosts, that use the provider."""
    async with AsyncExitStack() as stack:
        one = await stack.enter_async_context(started(with_provider))
        other = await stack.enter_async_context(started(with_provider))
        yield one, other


@pytest.fixture
async def database(platform_settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(platform_settings.database_for("sessions"))
    await connection.execute("DELETE FROM web_session")
    yield connection
    await connection.close()
