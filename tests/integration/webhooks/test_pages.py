"""The administrator's screens: what is parked, who follows, and what may be done about it."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from shared.auth.issuer import BY_SUBJECT, ExampleUser, issue
from shared.auth.pages import SESSION_COOKIE
from shared.db.database import Database
from shared.product.roles import Role
from shared.settings import Settings
from tests.support.databases import as_owner

PARKED = """
INSERT INTO parked_event (consumer, event_id, topic, partition, key, type, headers, payload, error,
                          traceback, attempts)
VALUES ('risk', $1, 'vth.intake.v1', 0, $2, 'nl.vth.klachten.klacht-ontvangen',
        '{"ce_type": "nl.vth.klachten.klacht-ontvangen"}', $3, 'ValueError: geen locatie',
        'Traceback: regel 7', $4)
"""
SUBSCRIBED = """
INSERT INTO subscription (id, owner, name, callback_url, everyone, participants, state,
                          state_reason, position, failures, failing_since, changed_by)
VALUES ($1, 'enschede', 'Zaaksysteem', 'https://afnemer.example.nl/', false, '{gm0153}', $2,
        'Een dag.', 0, 9, now(), 'aflevering')
"""
ATTEMPTED = """
INSERT INTO subscription_attempt (subscription_id, kind, event_type, number, attempted_at,
                                  duration_ms, status, error, delivered, next_attempt_at)
SELECT $1, 'aflevering', 'nl.vth.risicoscores.risicoscore-berekend', n, now(), 12, 503, 'te druk',
       false, now()
FROM generate_series(1, $2) AS n
"""
HERE = "/risk/gebeurtenissen"


class Screens:
    """Opens and posts pages as one of the users."""

    def __init__(self, client: httpx2.AsyncClient, settings: Settings) -> None:
        self._client, self._settings = client, settings

    def _headers(self, user: str) -> dict[str, str]:
        return {"Cookie": f"{SESSION_COOKIE}={issue(self._settings, BY_SUBJECT[user])}"}

    async def get_as(self, who: ExampleUser, path: str = "") -> httpx2.Response:
        token = issue(self._settings, who)
        return await self._client.get(HERE + path, headers={"Cookie": f"{SESSION_COOKIE}={token}"})

    async def get(self, path: str = "", user: str = "techniek") -> httpx2.Response:
        return await self._client.get(HERE + path, headers=self._headers(user))

    async def post(self, path: str, user: str = "techniek", **fields: str) -> httpx2.Response:
        data: Any = fields or {"x": ""}
        return await self._client.post(HERE + path, data=data, headers=self._headers(user))


@pytest.fixture
async def screens(
    client: httpx2.AsyncClient, served: Database, platform_settings: Settings
) -> Screens:
    await as_owner(served.pool, "TRUNCATE parked_event, subscription, subscription_attempt")
    return Screens(client, platform_settings)


async def park(database: Database, key: str = "sleutel-1", attempts: int = 3) -> UUID:
    event = uuid4()
    await database.pool.execute(PARKED, event, key, b'{"nummer":"K-1"}', attempts)
    return event


async def subscribe(database: Database, state: str, attempts: int = 0) -> UUID:
    identity = uuid4()
    await database.pool.execute(SUBSCRIBED, identity, state)
    await database.pool.execute(ATTEMPTED, identity, attempts)
    return identity


async def test_the_overview_shows_what_waits(screens: Screens, served: Database) -> None:
    event = await park(served)
    identity = await subscribe(served, "actief")
    shown = (await screens.get()).text
    assert f"{HERE}/geparkeerd/risk/{event}" in shown
    assert "ValueError: geen locatie" in shown
    assert f"{HERE}/abonnementen/{identity}" in shown
    assert "vth.intake.v1" in shown
    assert "vth-risk" in shown


async def test_the_overview_works_without_the_log(
    screens: Screens, served: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("no route")

    monkeypatch.setattr("shared.administration.overview.lag_of", fail)
    answer = await screens.get()
    assert answer.status_code == 200
    assert "niet op te vragen" in answer.text


@pytest.mark.parametrize("user", ["klachten", "controller", "enschede"])
async def test_only_an_administrator_may_look(
    screens: Screens, served: Database, user: str
) -> None:
    event = await park(served)
    for path in ("", "/geparkeerd", f"/geparkeerd/risk/{event}"):
        assert (await screens.get(path, user)).status_code == 403
    refused = await screens.post(f"/geparkeerd/risk/{event}/vervallen", user, reden="x")
    assert refused.status_code == 403


async def test_a_parked_event_with_its_content_and_trace(
    screens: Screens, served: Database
) -> None:
    event = await park(served)
    shown = (await screens.get(f"/geparkeerd/risk/{event}")).text
    for text in ("&#34;nummer&#34;: &#34;K-1&#34;", "Traceback: regel 7", "sleutel-1", "ce_type"):
        assert text in shown
    assert (await screens.get(f"/geparkeerd/risk/{uuid4()}")).status_code == 404


async def test_a_key_is_handled_again(screens: Screens, served: Database) -> None:
    first, second = await park(served), await park(served, attempts=0)
    other = await park(served, key="sleutel-2")
    answer = await screens.post(f"/geparkeerd/risk/{first}/opnieuw")
    assert answer.headers["location"].endswith(f"{first}?gedaan=opnieuw")
    rows = await served.pool.fetch("SELECT event_id, state, actor FROM parked_event")
    found = {row["event_id"]: (row["state"], row["actor"]) for row in rows}
    assert found == {
        first: ("retry", "techniek"),
        second: ("retry", "techniek"),
        other: ("parked", None),
    }
    asked = "SELECT last_at > first_at FROM parked_event WHERE event_id = $1"
    assert await served.pool.fetchval(asked, first)
    again = await screens.post(f"/geparkeerd/risk/{first}/opnieuw")
    assert again.status_code == 404
    assert "geen geparkeerde gebeurtenis" in again.text


async def test_an_event_is_given_up_with_a_reason_alone(screens: Screens, served: Database) -> None:
    event = await park(served)
    refused = await screens.post(f"/geparkeerd/risk/{event}/vervallen", reden="  ")
    assert refused.status_code == 400
    assert "Geef de reden" in refused.text
    answer = await screens.post(f"/geparkeerd/risk/{event}/vervallen", reden="Dubbel verstuurd")
    assert answer.status_code == 303
    shown = (await screens.get("/geparkeerd?weergave=vervallen")).text
    assert "Dubbel verstuurd" in shown
    assert "techniek" in shown
    assert str(event) not in (await screens.get("/geparkeerd")).text


async def test_another_site_cannot_act(
    screens: Screens, served: Database, client: httpx2.AsyncClient
) -> None:
    event = await park(served)
    headers = screens._headers("techniek") | {"Sec-Fetch-Site": "cross-site"}
    path = f"{HERE}/geparkeerd/risk/{event}/vervallen"
    refused = await client.post(path, data={"reden": "x"}, headers=headers)
    assert refused.status_code == 403


async def test_a_subscription_with_its_log_in_pages(screens: Screens, served: Database) -> None:
    identity = await subscribe(served, "actief", attempts=60)
    shown = (await screens.get(f"/abonnementen/{identity}")).text
    assert shown.count("te druk") == 50
    link = shown.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    older = (await screens.get(link.removeprefix(HERE))).text
    assert older.count("te druk") == 10
    assert (await screens.get(f"/abonnementen/{uuid4()}")).status_code == 404


async def test_a_suspended_subscription_is_resumed(screens: Screens, served: Database) -> None:
    identity = await subscribe(served, "opgeschort")
    assert (await screens.post(f"/abonnementen/{identity}/hervatten")).status_code == 303
    row = await served.pool.fetchrow("SELECT state, failures, changed_by FROM subscription")
    assert tuple(row) == ("actief", 0, "techniek")
    assert (await screens.post(f"/abonnementen/{identity}/hervatten")).status_code == 409


async def test_a_subscription_is_ended_with_a_reason(screens: Screens, served: Database) -> None:
    identity = await subscribe(served, "actief")
    assert (await screens.post(f"/abonnementen/{identity}/beeindigen")).status_code == 400
    answer = await screens.post(f"/abonnementen/{identity}/beeindigen", reden="Afnemer vertrokken")
    assert answer.status_code == 303
    assert "Afnemer vertrokken" in (await screens.get(f"/abonnementen/{identity}")).text


NEW = {"token": "t" * 32, "ondertekeningssleutel": "s" * 32}


async def test_secrets_are_replaced_and_never_shown(screens: Screens, served: Database) -> None:
    identity = await subscribe(served, "actief")
    path = f"/abonnementen/{identity}"
    done = await screens.post(f"{path}/geheimen", **NEW)
    assert done.headers["location"].endswith("?gedaan=geheimen")
    assert await served.pool.fetchval("SELECT wrapped_key IS NOT NULL FROM subscription")
    assert "De geheimen zijn vervangen" in (await screens.get(f"{path}?gedaan=geheimen")).text
    refused = await screens.post(f"{path}/geheimen", token=NEW["token"], ondertekeningssleutel="k")
    assert refused.status_code == 400
    assert "ten minste 32 tekens" in refused.text
    assert NEW["token"] not in refused.text


async def test_what_has_ended_shows_no_form_for_secrets(screens: Screens, served: Database) -> None:
    identity = await subscribe(served, "beeindigd")
    assert "Geheimen vervangen" not in (await screens.get(f"/abonnementen/{identity}")).text
    refused = await screens.post(f"/abonnementen/{identity}/geheimen", **NEW)
    assert refused.status_code == 409


@pytest.mark.parametrize("participants", [(), ("gm0153",), ("*",)])
async def test_what_is_of_everybody_is_for_who_works_for_everybody(
    screens: Screens, served: Database, participants: tuple[str, ...]
) -> None:
    parked, subscribed = uuid4(), uuid4()
    await served.pool.execute(PARKED, parked, "sleutel", b'{"deelnemer": "gm0164"}', 1)
    await served.pool.execute(SUBSCRIBED, subscribed, "actief")
    operator = ExampleUser("beperkt", "Beheerder", (Role.OPERATOR,), participants)
    pages = ("", "/geparkeerd", f"/geparkeerd/risk/{parked}", "/herbouw", "/taken")
    answers = [await screens.get_as(operator, path) for path in pages]
    answers.append(await screens.get_as(operator, f"/abonnementen/{subscribed}"))
    expected = 200 if participants == ("*",) else 403
    assert {answer.status_code for answer in answers} == {expected}
