"""`GET /<dienst>/v1/gebeurtenissen`: who sees what, paging, and refusals."""

from typing import Any

import httpx2
import pytest

from shared.db.database import Database
from shared.settings import Settings
from shared.webhooks.api.common import cursor_of
from tests.integration.webhooks.conftest import bearer, publish, settled

FEED = "/risk/v1/gebeurtenissen"
SCORED = "nl.vth.risicoscores.risicoscore-berekend"


class Api:
    """Asks for events as one of the users."""

    def __init__(self, client: httpx2.AsyncClient, settings: Settings) -> None:
        self._client, self._settings = client, settings

    async def get(self, user: str, **query: Any) -> httpx2.Response:
        headers = bearer(self._settings, user)
        return await self._client.get(FEED, params=query, headers=headers)

    async def participants(self, user: str, **query: Any) -> list[str | None]:
        answer = await self.get(user, **query)
        assert answer.status_code == 200, answer.text
        return [event.get("deelnemer") for event in answer.json()["resultaten"]]


@pytest.fixture(scope="module")
async def api(client: httpx2.AsyncClient, served: Database, platform_settings: Settings) -> Api:
    """The feed with two events of Enschede, one of Hengelo and one of nobody."""
    for participant in ("gm0153", "gm0164", None, "gm0153"):
        await publish(served, participant=participant)
    async with served.pool.acquire() as session:
        await settled(session)
    return Api(client, platform_settings)


async def test_the_agency_sees_all_and_a_participant_its_own(api: Api) -> None:
    assert await api.participants("techniek") == ["gm0153", "gm0164", None, "gm0153"]
    assert await api.participants("enschede") == ["gm0153", "gm0153"]
    assert await api.participants("hengelo") == ["gm0164"]
    assert await api.participants("techniek", deelnemer=["gm0164", "gm0153"]) == [
        *("gm0153", "gm0164", "gm0153")
    ]


async def test_another_participant_is_refused(api: Api) -> None:
    for asked in ("gm0164", ["gm0153", "gm0164"], ["gm0164", "gm0153"]):
        assert (await api.get("enschede", deelnemer=asked)).status_code == 403


async def test_without_the_scope_nothing(api: Api, client: httpx2.AsyncClient) -> None:
    assert (await api.get("toezicht")).status_code == 403
    assert (await client.get(FEED)).status_code == 401


async def test_a_reader_follows_the_cursor(api: Api) -> None:
    answer = await api.get("techniek", limit=3)
    first = answer.json()
    assert first["meer"] is True
    assert answer.headers["link"] == f'<{FEED}?limit=3&na={first["volgende"]}>; rel="next"'
    second = (await api.get("techniek", limit=3, na=first["volgende"])).json()
    assert (len(first["resultaten"]), len(second["resultaten"])) == (3, 1)
    assert second["meer"] is False
    last = (await api.get("techniek", na=second["volgende"])).json()
    assert last == {"resultaten": [], "volgende": second["volgende"], "meer": False}


async def test_a_type(api: Api) -> None:
    assert len(await api.participants("techniek", type=SCORED)) == 4
    assert await api.participants("techniek", type="nl.vth.locaties.locatie-geregistreerd") == []
    refused = await api.get("techniek", type="nl.vth.risicoscores.onbekend")
    assert refused.status_code == 400
    assert refused.json()["invalidParams"][0]["name"].startswith("type")


@pytest.mark.parametrize("cursor", ["onzin", "WyJhIl0", "W10", "WzEsMl0", "Wy0xXQ", "W3RydWVd"])
async def test_a_cursor_of_elsewhere_is_not_found(api: Api, cursor: str) -> None:
    refused = await api.get("techniek", na=cursor)
    assert refused.status_code == 404
    assert refused.json()["invalidParams"][0]["name"] == "na"


async def test_a_cursor_from_before_what_is_kept(api: Api, served: Database) -> None:
    await served.pool.execute("DELETE FROM outbox WHERE seq <= 2")
    refused = await api.get("techniek", na=cursor_of(1))
    assert refused.status_code == 410
    assert refused.json()["code"] == "niet-meer-bewaard"
    assert len(await api.participants("techniek", na=cursor_of(2))) == 2
    assert len(await api.participants("techniek")) == 2
