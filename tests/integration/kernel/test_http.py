"""The kernel over HTTP, on a real database: commits, refusals, keys, versions, pages."""

from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, select

from shared.auth.issuer import BY_SUBJECT, issue
from shared.auth.sight import Sight
from shared.http.rate_limit import TokenLimit
from tests.integration.kernel.conftest import messaging, thing


async def count(app: FastAPI, table: Any) -> int:
    async with app.state.db.read(Sight.ALL) as rows:
        return int(await rows.value(select(func.count()).select_from(table)))


def is_problem(response: httpx2.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["api-version"] == "1.2.3"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["detail"]
    return body


async def test_a_write_and_its_event_are_one_commit(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    events = await count(app, messaging.outbox)
    response = await client.post("/dingen", json={"naam": "een"})
    assert response.status_code == 201
    assert response.headers["etag"] == '"1"'
    assert await count(app, messaging.outbox) == events + 1


async def test_a_failing_commit_is_a_500_and_stores_nothing(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    things, events = await count(app, thing), await count(app, messaging.outbox)
    is_problem(await client.post("/dingen", json={"naam": "mislukt"}), 500)
    assert (things, events) == (await count(app, thing), await count(app, messaging.outbox))


async def test_a_repeated_key_gets_the_same_answer_and_stores_once(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    headers = {"Idempotency-Key": "sleutel-1"}
    first = await client.post("/dingen", json={"naam": "sleutel"}, headers=headers)
    things = await count(app, thing)
    again = await client.post("/dingen", json={"naam": "sleutel"}, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["etag"] == '"1"'
    assert again.headers["idempotency-replayed"] == "true"
    assert await count(app, thing) == things


async def test_a_key_used_for_another_request_is_a_conflict(client: httpx2.AsyncClient) -> None:
    headers = {"Idempotency-Key": "sleutel-2"}
    await client.post("/dingen", json={"naam": "sleutel-a"}, headers=headers)
    other = await client.post("/dingen", json={"naam": "sleutel-b"}, headers=headers)
    assert "Idempotency-Key" in is_problem(other, 409)["detail"]


async def test_a_unique_value_taken_is_a_conflict(client: httpx2.AsyncClient) -> None:
    await client.post("/dingen", json={"naam": "dubbel"})
    is_problem(await client.post("/dingen", json={"naam": "dubbel"}), 409)


async def test_a_stale_version_is_refused(client: httpx2.AsyncClient) -> None:
    made = (await client.post("/dingen", json={"naam": "versie"})).json()
    url = f"/dingen/{made['id']}"
    first = await client.put(url, json={"naam": "versie-2"}, headers={"If-Match": '"1"'})
    assert first.headers["etag"] == '"2"'
    is_problem(await client.put(url, json={"naam": "versie-3"}, headers={"If-Match": '"1"'}), 412)
    problem = is_problem(await client.put(url, json={"naam": "versie-3"}), 400)
    assert problem["invalidParams"][0]["name"].lower() == "if-match"


async def test_a_list_is_walked_by_its_links(client: httpx2.AsyncClient, app: FastAPI) -> None:
    for number in range(5):
        await client.post("/dingen", json={"naam": f"lijst-{number}"})
    url: str | None = "/dingen?limit=2"
    seen: list[str] = []
    while url:
        response = await client.get(url)
        seen += [item["naam"] for item in response.json()["resultaten"]]
        found = response.links.get("next", {}).get("url")
        url = f"http://vth.test{found}" if found else None
    assert len(seen) == len(set(seen)) == await count(app, thing)


@pytest.mark.parametrize(
    ("body", "name", "code"),
    [
        ({"naam": 5}, "naam", "tekst"),
        ({}, "naam", "verplicht"),
        ({"naam": "x", "kleur": 1}, "kleur", "onbekend"),
        ({"naam": ""}, "naam", "te-kort"),
        ({"naam": "a\x00b"}, "naam", "patroon"),
        ({"naam": "x", "bedrag": 1.5}, "bedrag", "bedrag"),
        (
            {"naam": "x", "geometrie": {"type": "Point", "coordinates": [2.35, 48.85]}},
            "geometrie.coordinates.0",
            "buiten-nederland",
        ),
    ],
)
async def test_a_wrong_field_is_named(
    client: httpx2.AsyncClient, body: dict[str, Any], name: str, code: str
) -> None:
    problem = is_problem(await client.post("/dingen", json=body), 400)
    assert (name, code) in {(p["name"], p["code"]) for p in problem["invalidParams"]}


async def test_malformed_json_is_a_400(client: httpx2.AsyncClient) -> None:
    response = await client.post(
        "/dingen", content=b'{"naam": ', headers={"content-type": "application/json"}
    )
    assert is_problem(response, 400)["invalidParams"][0]["code"] == "ongeldige-json"


async def test_a_megabyte_is_too_large(client: httpx2.AsyncClient) -> None:
    is_problem(await client.post("/dingen", json={"naam": "x" * 1_000_000}), 413)


async def test_another_media_type_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.post(
        "/dingen", content=b"naam=x", headers={"content-type": "text/plain"}
    )
    is_problem(response, 415)


async def test_no_token_and_a_wrong_token_are_401(client: httpx2.AsyncClient) -> None:
    for value in ("", "Bearer onzin"):
        response = await client.get("/dingen", headers={"Authorization": value})
        is_problem(response, 401)
        assert response.headers["www-authenticate"] == "Bearer"


async def test_who_asks_too_often_is_told_when_to_come_back(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    state = app.state.api.state
    kept, state.token_limit = state.token_limit, TokenLimit(1)
    try:
        assert (await client.get("/dingen")).status_code == 200
        refused = await client.get("/dingen")
    finally:
        state.token_limit = kept
    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.headers["ratelimit-policy"] == '"token";q=1;w=60'
    assert refused.json()["code"] == "te-vaak"
    assert "Met dit account" in refused.json()["detail"]


async def test_a_trailing_slash_is_not_found(client: httpx2.AsyncClient) -> None:
    is_problem(await client.get("/dingen/"), 404)


async def test_a_cursor_of_somebody_else_is_refused(client: httpx2.AsyncClient) -> None:
    assert is_problem(await client.get("/dingen?cursor=onzin"), 404)["invalidParams"]


async def test_another_method_is_told_which_there_are(client: httpx2.AsyncClient) -> None:
    response = await client.delete("/dingen")
    is_problem(response, 405)
    assert response.headers["allow"] == "GET, HEAD, POST"


async def test_the_document_is_public_and_every_answer_carries_its_headers(
    client: httpx2.AsyncClient,
) -> None:
    response = await client.get("/openapi.json", headers={"Authorization": ""})
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["x-content-type-options"] == "nosniff"
    document = response.json()
    assert document["servers"][0]["url"] == "/reporting/v1"
    assert "422" not in str(document["paths"])


@pytest.mark.parametrize(
    ("query", "name", "code"),
    [
        ("limiet=5", "limiet", "onbekend"),
        ("limit=5&limit=6", "limit", "dubbel"),
        ("=1", "", "onbekend"),
    ],
)
async def test_an_unknown_or_repeated_query_key_is_refused(
    client: httpx2.AsyncClient, query: str, name: str, code: str
) -> None:
    wrong = is_problem(await client.get(f"/dingen?{query}"), 400)["invalidParams"]
    assert [(each["name"], each["code"]) for each in wrong] == [(name, code)]
    assert (await client.get("/dingen?limit=5")).status_code == 200


async def test_the_right_is_asked_for_by_the_command(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    token = issue(app.state.settings, BY_SUBJECT["enschede"])
    headers = {"Authorization": f"Bearer {token}"}
    is_problem(await client.post("/dingen", json={"naam": "recht"}, headers=headers), 403)
    assert (await client.get("/dingen", headers=headers)).status_code == 200


async def test_a_refusal_names_the_field_of_the_wire(client: httpx2.AsyncClient) -> None:
    problem = is_problem(await client.post("/dingen", json={"naam": "geweigerd"}), 409)
    assert problem["invalidParams"] == [
        {"name": "naam", "code": "geweigerd", "reason": "Deze naam mag niet."}
    ]


async def test_a_change_may_be_repeated_with_its_key(client: httpx2.AsyncClient) -> None:
    made = (await client.post("/dingen", json={"naam": "sleutel-3"})).json()
    headers = {"If-Match": '"1"', "Idempotency-Key": "sleutel-3"}
    url = f"/dingen/{made['id']}"
    first = await client.put(url, json={"naam": "sleutel-4"}, headers=headers)
    again = await client.put(url, json={"naam": "sleutel-4"}, headers=headers)
    assert (again.status_code, again.content) == (200, first.content)
    assert (again.headers["etag"], again.headers["idempotency-replayed"]) == ('"2"', "true")


async def test_an_operation_that_keeps_no_answer_does_nothing_with_a_key(
    client: httpx2.AsyncClient, app: FastAPI
) -> None:
    things = await count(app, thing)
    headers = {"Idempotency-Key": "sleutel-5"}
    response = await client.post("/vergeten-sleutels", json={"naam": "vijf"}, headers=headers)
    is_problem(response, 500)
    assert await count(app, thing) == things


async def test_the_document_says_what_a_context_asks_for(client: httpx2.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/dingen"]["post"]
    assert operation["security"] == [{"Toegangstoken": []}]
    assert [each["name"] for each in operation["parameters"]] == ["idempotency-key"]


async def test_a_form_does_what_the_api_does(browser: httpx2.AsyncClient, app: FastAPI) -> None:
    things = await count(app, thing)
    assert (await browser.get("/dingen/nieuw")).status_code == 200
    done = await browser.post("/dingen/nieuw", data={"naam": "formulier", "versie": "1"})
    assert (done.status_code, await count(app, thing)) == (303, things + 1)


async def test_a_form_that_is_sent_twice_is_carried_out_once(
    browser: httpx2.AsyncClient, app: FastAPI
) -> None:
    things = await count(app, thing)
    form = {"naam": "dubbelklik", "idempotentiesleutel": "klik-1"}
    answers = [await browser.post("/dingen/nieuw", data=form) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[0].headers["location"] == answers[1].headers["location"]
    assert await count(app, thing) == things + 1


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [("", 400, "Vul in: naam."), ("geweigerd", 409, "Deze naam mag niet.")],
)
async def test_a_refused_form_comes_back_with_what_was_typed(
    browser: httpx2.AsyncClient, name: str, status: int, text: str
) -> None:
    response = await browser.post("/dingen/nieuw", data={"naam": name})
    assert response.status_code == status
    assert f"<p id=naam-fout>{text}</p>" in response.text
    assert f"<input value='{name}'>" in response.text


async def test_who_is_not_signed_in_goes_to_the_sign_in_page(app: FastAPI) -> None:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://vth.test") as stranger:
        for answer, page in (
            (await stranger.get("/dingen/nieuw"), "/inloggen"),
            (await stranger.post("/dingen/nieuw"), "/inloggen/verlopen"),
        ):
            assert answer.status_code == 303
            assert answer.headers["location"] == f"{page}?terug=%2Fdingen%2Fnieuw"
