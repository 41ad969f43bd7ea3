"""`/<dienst>/v1/abonnementen`: asking, looking, resuming, ending, and refusals."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from shared.auth.issuer import ExampleUser, issue
from shared.db.database import Database
from shared.http.rate_limit import RateLimit
from shared.product.roles import Role
from shared.settings import Settings
from shared.webhooks.api import subscriptions
from shared.webhooks.handlers import MOST_OF_ONE
from tests.integration.webhooks.conftest import bearer, publish, settled
from tests.support.databases import as_owner

HERE = "/risk/v1/abonnementen"
BODY = {
    "naam": "Zaaksysteem",
    "callbackUrl": "https://afnemer.example.nl/webhooks/vth",
    "token": "een-token-van-de-afnemer-van-32-tekens",
    "ondertekeningssleutel": "een-sleutel-van-de-afnemer-van-32-tekens",
}


class Api:
    """Speaks to the service as one of the users."""

    def __init__(self, client: httpx2.AsyncClient, settings: Settings) -> None:
        self._client, self._settings = client, settings

    async def __call__(
        self, user: str, method: str, path: str = "", body: Any = None, **headers: str
    ) -> httpx2.Response:
        return await self._client.request(
            method, HERE + path, json=body, headers=bearer(self._settings, user) | headers
        )

    async def ask(self, user: str = "enschede", **changes: Any) -> dict[str, Any]:
        answer = await self(user, "POST", body=BODY | changes)
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made


@pytest.fixture
async def api(client: httpx2.AsyncClient, served: Database, platform_settings: Settings) -> Api:
    await as_owner(
        served.pool, "TRUNCATE subscription, subscription_attempt, idempotency, rate_limit"
    )
    return Api(client, platform_settings)


async def test_is_asked_for_and_read_back_without_its_secrets(api: Api) -> None:
    answer = await api("enschede", "POST", body=BODY)
    made = answer.json()
    assert answer.headers["location"] == f"{HERE}/{made['id']}"
    assert made["status"] == "aangevraagd"
    assert made["deelnemers"] == ["gm0153"]
    assert (await api("enschede", "GET", f"/{made['id']}")).json() == made
    for secret in (BODY["token"], BODY["ondertekeningssleutel"]):
        assert secret not in answer.text


@pytest.mark.parametrize(
    "token", ["é" * 32, "t" * 32 + "\r\nX: 1", "t" * 32 + " ", "t" * 16 + "\t" + "t" * 16]
)
async def test_a_token_that_no_header_carries_is_refused(api: Api, token: str) -> None:
    made = await api.ask()
    asked = await api("enschede", "POST", body={**BODY, "token": token})
    secrets = {"token": token, "ondertekeningssleutel": BODY["ondertekeningssleutel"]}
    replaced = await api("enschede", "PUT", f"/{made['id']}/geheimen", secrets)
    for refused in (asked, replaced):
        assert refused.status_code == 400
        assert [each["name"] for each in refused.json()["invalidParams"]] == ["token"]


async def test_one_account_asks_for_so_many_in_an_hour(
    api: Api, platform_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = RateLimit.of(platform_settings, "abonnementen", 2, "Al vaak aangevraagd.")
    monkeypatch.setattr(subscriptions, "_limit_of", lambda _: limit)
    for _ in range(2):
        made = await api.ask()
        await api("enschede", "DELETE", f"/{made['id']}")
    refused = await api("enschede", "POST", body=BODY)
    assert refused.status_code == 429
    assert refused.json()["code"] == "te-vaak"
    assert refused.headers["ratelimit-policy"] == '"abonnementen";q=2;w=3600'
    await api.ask("hengelo")


async def test_who_has_no_participants_gets_nobody_s_events(
    api: Api, client: httpx2.AsyncClient, served: Database, platform_settings: Settings
) -> None:
    nobody = ExampleUser("niemand", "Zonder deelnemers", (Role.PARTICIPANT,), ())
    token = {"Authorization": f"Bearer {issue(platform_settings, nobody)}"}
    answer = await client.post(HERE, json=BODY, headers=token)
    assert answer.json()["deelnemers"] == []
    stored = await served.pool.fetchrow("SELECT everyone, participants FROM subscription")
    assert stored is not None
    assert dict(stored) == {"everyone": False, "participants": []}


async def test_everybody_s_events_are_asked_for_in_so_many_words(
    api: Api, served: Database
) -> None:
    assert (await api.ask("techniek"))["deelnemers"] is None
    assert await served.pool.fetchval("SELECT everyone FROM subscription")
    narrowed = await api.ask("techniek", deelnemers=["gm0164", "gm0153"])
    assert narrowed["deelnemers"] == ["gm0153", "gm0164"]


async def test_who_sees_less_cannot_resume_what_gives_more(api: Api, served: Database) -> None:
    made = await api.ask("enschede")
    await served.pool.execute(
        "UPDATE subscription SET state = 'opgeschort', everyone = true, participants = '{}'"
    )
    refused = await api("enschede", "POST", f"/{made['id']}/hervatting")
    assert refused.status_code == 403
    assert (await api("techniek", "POST", f"/{made['id']}/hervatting")).status_code == 200


async def test_an_operator_of_some_participants_sees_its_own_subscriptions(
    api: Api, client: httpx2.AsyncClient, platform_settings: Settings
) -> None:
    made = await api.ask("enschede")
    limited = ExampleUser("beperkt", "Beheerder", (Role.OPERATOR,), ("gm0153",))
    token = {"Authorization": f"Bearer {issue(platform_settings, limited)}"}
    assert (await client.get(HERE, headers=token)).json()["resultaten"] == []
    assert (await client.get(f"{HERE}/{made['id']}", headers=token)).status_code == 404
    assert (await client.delete(f"{HERE}/{made['id']}", headers=token)).status_code == 404


async def test_asking_twice_with_a_key_gives_one(api: Api) -> None:
    key = {"Idempotency-Key": str(uuid4())}
    first = await api("enschede", "POST", body=BODY, **key)
    again = await api("enschede", "POST", body=BODY, **key)
    assert first.json() == again.json()
    assert len((await api("enschede", "GET")).json()["resultaten"]) == 1


async def test_a_subscriber_sees_its_own_and_the_administrator_all(api: Api) -> None:
    ours, theirs = await api.ask("enschede"), await api.ask("hengelo")
    mine = (await api("enschede", "GET")).json()["resultaten"]
    assert [each["id"] for each in mine] == [ours["id"]]
    everything = (await api("techniek", "GET")).json()["resultaten"]
    assert [each["id"] for each in everything] == [theirs["id"], ours["id"]]
    for method, path in (("GET", ""), ("GET", "/afleveringen"), ("DELETE", "")):
        refused = await api("enschede", method, f"/{theirs['id']}{path}")
        assert refused.status_code == 404


async def test_the_list_has_pages(api: Api) -> None:
    made = [(await api.ask())["id"] for _ in range(3)]
    first = await api("enschede", "GET", "?limit=2")
    assert [each["id"] for each in first.json()["resultaten"]] == made[:0:-1]
    link = first.headers["link"].split(", ")[1]
    cursor = link[link.index("cursor=") + 7 : link.index(">")]
    second = await api("enschede", "GET", f"?limit=2&cursor={cursor}")
    assert [each["id"] for each in second.json()["resultaten"]] == made[:1]
    for wrong in ("WzFd", "onzin", "WyJhIl0"):
        assert (await api("enschede", "GET", f"?cursor={wrong}")).status_code == 404
        path = f"/{made[0]}/afleveringen?cursor={wrong}"
        assert (await api("enschede", "GET", path)).status_code == (200 if wrong == "WzFd" else 404)


async def test_it_starts_now_or_after_a_cursor(api: Api, served: Database) -> None:
    await publish(served, 3)
    async with served.pool.acquire() as session:
        await settled(session)
    now = await api.ask("techniek")
    older = await api.ask("techniek", na="WzFd")
    place = "SELECT position FROM subscription WHERE id = $1"
    decided = await served.pool.fetchval("SELECT decided FROM event_feed")
    assert await served.pool.fetchval(place, UUID(now["id"])) == decided
    assert await served.pool.fetchval(place, UUID(older["id"])) == 1


async def test_what_is_removed_is_gone_with_its_secrets(api: Api, served: Database) -> None:
    made = await api.ask()
    assert (await api("enschede", "DELETE", f"/{made['id']}")).status_code == 204
    assert await served.pool.fetchval("SELECT count(*) FROM subscription") == 0
    for method, path in (("DELETE", ""), ("GET", ""), ("GET", "/afleveringen")):
        assert (await api("enschede", method, f"/{made['id']}{path}")).status_code == 404


async def test_only_what_is_suspended_is_resumed(api: Api, served: Database) -> None:
    made = await api.ask()
    refused = await api("enschede", "POST", f"/{made['id']}/hervatting")
    assert refused.status_code == 409
    await served.pool.execute("UPDATE subscription SET state = 'opgeschort', failures = 9")
    resumed = await api("enschede", "POST", f"/{made['id']}/hervatting")
    assert (resumed.status_code, resumed.json()["status"]) == (200, "actief")


NEW = {"token": "t" * 32, "ondertekeningssleutel": "s" * 32}


async def test_secrets_are_replaced_by_who_may(api: Api, served: Database) -> None:
    made = await api.ask()
    path = f"/{made['id']}/geheimen"
    sealed = "SELECT wrapped_key || sealed_token || sealed_signing_key FROM subscription"
    before = await served.pool.fetchval(sealed)
    await served.pool.execute("UPDATE subscription SET failures = 9, failing_since = now()")
    answer = await api("enschede", "PUT", path, NEW)
    assert answer.status_code == 200
    assert answer.json()["mislukkendSinds"] is None
    assert NEW["token"] not in answer.text
    assert await served.pool.fetchval(sealed) != before
    assert (await api("techniek", "PUT", path, NEW)).status_code == 200
    assert (await api("hengelo", "PUT", path, NEW)).status_code == 404
    assert (await api("enschede", "PUT", path, {"token": NEW["token"]})).status_code == 400
    assert (await api("enschede", "PUT", path, NEW | {"token": "kort"})).status_code == 400


async def test_what_has_ended_gets_no_new_secrets(api: Api, served: Database) -> None:
    made = await api.ask()
    await served.pool.execute("UPDATE subscription SET state = 'beeindigd', wrapped_key = NULL")
    assert (await api("enschede", "PUT", f"/{made['id']}/geheimen", NEW)).status_code == 409
    assert await served.pool.fetchval("SELECT wrapped_key FROM subscription") is None


async def test_there_is_an_end_to_how_many(api: Api) -> None:
    for _ in range(MOST_OF_ONE):
        last = await api.ask()
    assert (await api("enschede", "POST", body=BODY)).status_code == 409
    await api("enschede", "DELETE", f"/{last['id']}")
    await api.ask()


@pytest.mark.parametrize(
    ("changes", "status", "name"),
    [
        ({"callbackUrl": "ftp://afnemer.example.nl/"}, 400, "callbackUrl"),
        ({"callbackUrl": "https://10.0.0.1/"}, 409, "callbackUrl"),
        ({"callbackUrl": "https://[::1"}, 409, "callbackUrl"),
        ({"callbackUrl": "https://a:b@afnemer.example.nl/"}, 400, "callbackUrl"),
        ({"token": "kort"}, 400, "token"),
        ({"ondertekeningssleutel": "kort"}, 400, "ondertekeningssleutel"),
        ({"types": ["nl.vth.iets.anders"]}, 400, "types.0"),
        ({"types": ["nl.vth.klachten.klacht-ontvangen"]}, 409, "types"),
        ({"na": "WyJhIl0"}, 404, "na"),
        ({"onbekend": 1}, 400, "onbekend"),
    ],
)
async def test_what_is_wrong_is_named(
    api: Api, changes: dict[str, Any], status: int, name: str
) -> None:
    refused = await api("enschede", "POST", body=BODY | changes)
    assert refused.status_code == status, refused.text
    assert refused.json()["invalidParams"][0]["name"] == name


async def test_another_participant_is_refused(api: Api) -> None:
    refused = await api("enschede", "POST", body=BODY | {"deelnemers": ["gm0164"]})
    assert refused.status_code == 403
    assert (await api("toezicht", "POST", body=BODY)).status_code == 403
