"""The web process with all services on migrated, empty databases, and who calls it."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy import web
from shared.auth.issuer import BY_SUBJECT, issue
from shared.settings import SERVICES, Settings
from tests.support.people import EVERY_ROLE


def bearer(settings: Settings, user: str) -> dict[str, str]:
    """The header of an example user."""
    return {"Authorization": f"Bearer {issue(settings, BY_SUBJECT[user])}"}


@pytest.fixture(scope="module")
def administrator(platform_settings: Settings) -> dict[str, str]:
    """The headers of a caller who may do everything."""
    return {"Authorization": f"Bearer {issue(platform_settings, EVERY_ROLE)}"}


@pytest.fixture(scope="module")
async def client(
    platform_settings: Settings, administrator: dict[str, str]
) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the web process, signed in as the administrator."""
    app = web.build(SERVICES, platform_settings)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, base_url="http://vth.test", headers=administrator
        ) as client:
            yield client
