"""Bad input to every operation: a clear Dutch problem, the right status, all headers."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from shared.auth.issuer import ExampleUser, issue
from shared.http.middleware import SECURITY_HEADERS
from shared.product.glossary import TERMS
from shared.settings import SERVICES, Settings
from tests.contract.conftest import bearer
from tests.contract.operations import DOCUMENTS, NOBODY, OPERATIONS, WITH_BODY, Operation

JSON = {"Content-Type": "application/json"}
PARIS = {"type": "Point", "coordinates": [2.35, 48.85]}
every = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
with_body = pytest.mark.parametrize("operation", WITH_BODY, ids=str)
services = pytest.mark.parametrize("service", SERVICES)


def is_problem(response: httpx2.Response, status: int, version: str) -> dict[str, Any]:
    assert response.status_code == status, response.text
    has_headers(response, version)
    assert response.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["title"]
    assert body["detail"].endswith((".", "!", "?"))
    return body


def has_headers(response: httpx2.Response, version: str) -> None:
    assert response.headers["api-version"] == version
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value, name


def names_in(problem: dict[str, Any]) -> list[str]:
    for each in problem["invalidParams"]:
        assert each["code"]
        assert each["reason"].endswith((".", ":", '"')), each
    return [each["name"] for each in problem["invalidParams"]]


async def send(client: httpx2.AsyncClient, operation: Operation, **how: Any) -> httpx2.Response:
    headers = {**operation.headers(), **how.pop("headers", {})}
    return await client.request(operation.method, operation.url, headers=headers, **how)


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.secured], ids=str)
async def test_without_a_token_nobody_comes_in(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    for authorization in ("", "Bearer x.y.z", "Basic YTpi"):
        response = await send(client, operation, headers={"Authorization": authorization})
        is_problem(response, 401, operation.version)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.secured], ids=str)
async def test_without_a_right_nobody_learns_what_exists(
    client: httpx2.AsyncClient, operation: Operation, platform_settings: Settings
) -> None:
    """The right is asked for before anything is looked up: 403, whether it is there or not."""
    nobody = ExampleUser("niemand", "Zonder rol", ())
    headers = {"Authorization": f"Bearer {issue(platform_settings, nobody)}"}
    needed = [p for p in operation.parameters("query") if p.get("required")]
    if operation.body is None and not needed:
        is_problem(await send(client, operation, headers=headers), 403, operation.version)


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if "idempotency-key" in {p["name"] for p in o.parameters("header")}],
    ids=str,
)
def test_a_key_of_another_request_is_a_documented_conflict(operation: Operation) -> None:
    assert "409" in operation.found["responses"]


@with_body
async def test_malformed_json(client: httpx2.AsyncClient, operation: Operation) -> None:
    for content in (b'{"a":', b"", b"\xff\xfe", b"[1,"):
        response = await send(client, operation, content=content, headers=JSON)
        is_problem(response, 400, operation.version)


@with_body
async def test_a_body_of_another_type(client: httpx2.AsyncClient, operation: Operation) -> None:
    bodies: list[object] = [[], "tekst", 5, True, None]
    for body in bodies:
        is_problem(await send(client, operation, json=body), 400, operation.version)


@with_body
async def test_an_unknown_field_is_named(client: httpx2.AsyncClient, operation: Operation) -> None:
    response = await send(client, operation, json={"onbekendVeld": 1})
    assert "onbekendVeld" in names_in(is_problem(response, 400, operation.version))


@with_body
async def test_a_field_of_another_type_is_named(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    assert operation.body
    for name in operation.body["properties"]:
        response = await send(client, operation, json={name: [[]]})
        wrong = names_in(is_problem(response, 400, operation.version))
        assert any(each.split(".")[0] == name for each in wrong), (name, wrong)


@with_body
async def test_a_megabyte_of_text(client: httpx2.AsyncClient, operation: Operation) -> None:
    response = await send(client, operation, json={"tekst": "x" * 1_000_000})
    is_problem(response, 413, operation.version)


@with_body
async def test_another_media_type(client: httpx2.AsyncClient, operation: Operation) -> None:
    for media in ("text/csv", "application/x-www-form-urlencoded", ""):
        response = await send(client, operation, content=b"a=1", headers={"Content-Type": media})
        is_problem(response, 415, operation.version)


@every
async def test_a_trailing_slash_is_not_found(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    headers = operation.headers()
    response = await client.request(operation.method, operation.url + "/", headers=headers)
    is_problem(response, 404, operation.version)


@every
async def test_an_unknown_query_key_is_named(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    body: dict[str, Any] | None = {} if operation.body is not None else None
    how = {"params": {"onbekend": "1"}, "json": body}
    response = await send(client, operation, **how)
    problem = is_problem(response, 400, operation.version)
    assert "onbekend" in names_in(problem)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if NOBODY in o.url], ids=str)
async def test_what_is_not_there_is_not_found(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    if operation.body is None and not any(p.get("required") for p in operation.parameters("query")):
        is_problem(await send(client, operation), 404, operation.version)
    wrong = operation.url.replace(NOBODY, "geen-kenmerk")
    headers = operation.headers()
    response = await client.request(operation.method, wrong, headers=headers)
    is_problem(response, 400, operation.version)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.headers()], ids=str)
async def test_a_change_names_the_version_it_saw(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    for headers in ({}, {"If-Match": "1"}, {"If-Match": "*"}):
        response = await client.request(operation.method, operation.url, headers=headers)
        names = names_in(is_problem(response, 400, operation.version))
        assert "if-match" in [name.lower() for name in names]


@pytest.mark.parametrize(
    "operation",
    [o for o in WITH_BODY if "geometrie" in (o.body or {})["properties"]],
    ids=str,
)
async def test_a_place_abroad_is_refused(client: httpx2.AsyncClient, operation: Operation) -> None:
    problem = is_problem(
        await send(client, operation, json={"geometrie": PARIS}), 400, operation.version
    )
    found = {(p["name"].split(".")[0], p["code"]) for p in problem["invalidParams"]}
    assert ("geometrie", "buiten-nederland") in found


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if any(p["name"] == "deelnemer" for p in o.parameters("query"))],
    ids=str,
)
async def test_another_participant_is_not_the_callers(
    client: httpx2.AsyncClient, operation: Operation, platform_settings: Settings
) -> None:
    headers = bearer(platform_settings, "enschede")
    response = await send(client, operation, params={"deelnemer": "gm0164"}, headers=headers)
    is_problem(response, 403, operation.version)


@services
async def test_the_document_is_open_to_all(client: httpx2.AsyncClient, service: str) -> None:
    headers = {"Authorization": "", "Origin": "https://elders.example.nl"}
    response = await client.get(f"/{service}/v1/openapi.json", headers=headers)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == "*"
    has_headers(response, DOCUMENTS[service]["info"]["version"])
    assert response.json()["paths"]


@services
async def test_other_answers_are_not_shared_with_other_origins(
    client: httpx2.AsyncClient, service: str
) -> None:
    response = await client.get(
        f"/{service}/v1/onbekend", headers={"Origin": "https://elders.example.nl"}
    )
    is_problem(response, 404, DOCUMENTS[service]["info"]["version"])
    assert "access-control-allow-origin" not in response.headers


@services
async def test_a_method_that_is_not_there(client: httpx2.AsyncClient, service: str) -> None:
    operation = next(o for o in OPERATIONS if o.service == service and o.method == "GET")
    response = await client.request("PATCH", operation.url)
    is_problem(response, 405, operation.version)
    assert "GET" in response.headers["allow"]


async def test_a_complaint_about_the_future_is_refused(client: httpx2.AsyncClient) -> None:
    body = {
        "categorie": "geur",
        "omschrijving": "Een zoete lucht.",
        "kanaal": "telefoon",
        "plaatsomschrijving": "Achter het station",
        "signaaltijdstip": "2099-01-01T00:00:00Z",
    }
    response = await client.post("/intake/v1/klachten", json=body)
    version = DOCUMENTS["intake"]["info"]["version"]
    assert names_in(is_problem(response, 400, version)) == ["signaaltijdstip"]


CODE_NAMES: dict[str, list[str]] = {}
for code_name, term in TERMS.items():
    if code_name != term.wire:
        CODE_NAMES.setdefault(term.wire, []).append(code_name)


def in_the_codes_names(operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    """A body of this shape with every name that the code itself has for it, and no other."""
    body: dict[str, Any] = {}
    for wire, found in schema.get("properties", {}).items():
        within = operation.resolved(found)
        if within.get("properties"):
            body[wire] = in_the_codes_names(operation, within)
        body |= dict.fromkeys(CODE_NAMES.get(wire, ()), "x")
    return body


def leaves(body: dict[str, Any], prefix: str = "") -> Iterator[str]:
    for name, value in body.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


@with_body
async def test_the_codes_own_names_are_not_the_wires(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    assert operation.body
    body = in_the_codes_names(operation, operation.body)
    response = await send(client, operation, json=body)
    problem = is_problem(response, 400, operation.version)
    unknown = {each["name"] for each in problem["invalidParams"] if each["code"] == "onbekend"}
    assert set(leaves(body)) <= unknown


@every
async def test_only_json_can_be_had(client: httpx2.AsyncClient, operation: Operation) -> None:
    response = await send(client, operation, headers={"Accept": "application/xml"})
    is_problem(response, 406, operation.version)


@services
@pytest.mark.parametrize("path", ["/v1", "/v2/klachten"])
async def test_another_version_is_a_problem(
    client: httpx2.AsyncClient, service: str, path: str
) -> None:
    response = await client.get(f"/{service}{path}")
    is_problem(response, 404, DOCUMENTS[service]["info"]["version"])


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "GET"], ids=str)
async def test_head_answers_as_get_does(client: httpx2.AsyncClient, operation: Operation) -> None:
    get, head = await client.get(operation.url), await client.head(operation.url)
    assert (head.status_code, head.content) == (get.status_code, b"")
    has_headers(head, operation.version)


@pytest.mark.parametrize(
    "operation",
    [o for o in OPERATIONS if any(p["name"] == "cursor" for p in o.parameters("query"))],
    ids=str,
)
async def test_a_cursor_that_was_not_given_out_is_refused(
    client: httpx2.AsyncClient, operation: Operation
) -> None:
    response = await send(client, operation, params={"cursor": "onzin"})
    is_problem(response, 404, operation.version)
