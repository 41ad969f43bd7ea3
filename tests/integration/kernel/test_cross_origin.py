"""A page of another origin may use the API where the settings name it, and no other."""

import httpx2
import pytest

ALLOWED, OTHER = "https://kaart.example.nl", "https://elders.example.nl"


def preflight(origin: str, headers: str) -> dict[str, str]:
    return {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": headers,
    }


async def test_a_preflight_of_a_named_origin_is_granted(client: httpx2.AsyncClient) -> None:
    asked = preflight(ALLOWED, "authorization, content-type, idempotency-key, if-match")
    response = await client.options("/dingen", headers=asked)
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == ALLOWED
    assert "POST" in response.headers["access-control-allow-methods"]
    assert response.headers["api-version"] == "1.2.3"


@pytest.mark.parametrize(
    ("origin", "headers"), [(OTHER, "authorization"), (ALLOWED, "x-anders"), ("null", "accept")]
)
async def test_any_other_preflight_is_refused(
    client: httpx2.AsyncClient, origin: str, headers: str
) -> None:
    response = await client.options("/dingen", headers=preflight(origin, headers))
    assert response.status_code == 400
    if origin != ALLOWED:
        assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/dingen", {}, 200),
        ("GET", "/nergens", {}, 404),
        ("GET", "/dingen", {"Accept": "text/csv"}, 406),
        ("POST", "/dingen", {"Content-Type": "text/plain"}, 415),
        ("POST", "/dingen", {"Authorization": ""}, 401),
    ],
)
async def test_refusals_can_be_read_there_too(
    client: httpx2.AsyncClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    content = b"{}" if method == "POST" else None
    headers = {"Content-Type": "application/json", "Origin": ALLOWED, **headers}
    response = await client.request(method, path, headers=headers, content=content)
    assert response.status_code == status
    assert response.headers["access-control-allow-origin"] == ALLOWED
    assert "etag" in response.headers["access-control-expose-headers"].lower()


async def test_an_unexpected_error_can_be_read_there_too(client: httpx2.AsyncClient) -> None:
    response = await client.post("/dingen", json={"naam": "mislukt"}, headers={"Origin": ALLOWED})
    assert response.status_code == 500
    assert response.headers["access-control-allow-origin"] == ALLOWED


async def test_another_origin_gets_no_leave(client: httpx2.AsyncClient) -> None:
    response = await client.get("/dingen", headers={"Origin": OTHER})
    assert "access-control-allow-origin" not in response.headers


async def test_the_document_is_open_to_all(client: httpx2.AsyncClient) -> None:
    response = await client.get("/openapi.json", headers={"Origin": OTHER})
    assert response.headers["access-control-allow-origin"] == "*"
