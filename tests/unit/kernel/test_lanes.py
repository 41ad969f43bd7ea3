"""A lane answers as FastAPI does: the same requests to the same operations, both ways."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Body, Depends, FastAPI, Header, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp

from deploy.services import app_of
from shared.errors import Conflict
from shared.http import problems
from shared.http.lanes import Lanes
from shared.service import lanes_of
from shared.settings import SERVICES, Settings

SECRET = "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
router = APIRouter(prefix="/dingen")


class Thing(BaseModel):
    naam: str
    aantal: int = 1


async def seen(x_soort: Annotated[list[int] | None, Header()] = None) -> list[int] | None:
    return x_soort


async def needing(
    kinds: Annotated[Any, Depends(seen)], limit: Annotated[int, Query(ge=1)] = 10
) -> dict[str, Any]:
    return {"kinds": kinds, "limit": limit}


async def opened(request: Request) -> AsyncIterator[list[str]]:
    trail: list[str] = request.app.state.trail
    trail.append("open")
    try:
        yield trail
    except KeyError:
        trail.append("undone")
        raise Conflict("Dit kan niet.") from None
    if "breek" in request.query_params:
        raise Conflict("Het vastleggen mislukte.")
    trail.append("kept")


Kinds = Annotated[list[int] | None, Depends(seen)]
Needing = Annotated[dict[str, Any], Depends(needing)]
Trail = Annotated[list[str], Depends(opened, scope="function")]


@router.post("/{ding_id}/delen")
async def make(ding_id: int, body: Thing, needed: Needing, kinds: Kinds, trail: Trail) -> Response:
    if body.naam == "stuk":
        raise KeyError(body.naam)
    found = {"id": ding_id, "body": body.model_dump(), "needed": needed, "same": kinds}
    return JSONResponse(found | {"trail": list(trail)}, 201)


@router.get("/nieuw")
async def fixed(tags: Annotated[tuple[str, ...], Query()] = (), q: str = "") -> Response:
    return JSONResponse({"vast": True, "tags": tags, "q": q})


@router.get("/{ding_id}")
async def one(ding_id: str, when: Annotated[str, Header(alias="X-When")]) -> Response:
    return JSONResponse({"id": ding_id, "when": when})


@router.put("/{ding_id}")
async def maybe(ding_id: str, body: Annotated[Thing | None, Body()] = None) -> Response:
    return JSONResponse({"id": ding_id, "body": body and body.model_dump()})


@router.get("/{ding_id}/plat")
async def plain(ding_id: str) -> dict[str, str]:
    return {"id": ding_id}


def _app() -> FastAPI:
    app = FastAPI()
    app.state.trail = []
    problems.install(app)
    app.include_router(router, prefix="/v9")
    return app


async def _ask(app: ASGIApp, trail: list[str], **request: Any) -> tuple[Any, ...]:
    trail.clear()
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        answer = await client.request(**request)
    found = answer.json()
    if isinstance(found, dict):
        found.pop("instance", None)
    if isinstance(found, dict) and "invalidParams" in found:
        # FastAPI tells a wrong parameter again for each dependency that asks for it.
        wrong = found["invalidParams"]
        found["invalidParams"] = [each for n, each in enumerate(wrong) if each not in wrong[:n]]
        del found["detail"]
    headers = {n: v for n, v in answer.headers.items() if n != "content-length"}
    return answer.status_code, headers, found, list(trail)


REQUESTS: list[dict[str, Any]] = [
    {"method": "POST", "url": "/v9/dingen/1/delen", "json": {"naam": "a"}},
    {"method": "POST", "url": "/v9/dingen/1/delen?limit=3", "json": {"naam": "a", "aantal": 2}},
    {"method": "POST", "url": "/v9/dingen/1/delen?limit=0", "json": {"naam": 1, "aantal": "x"}},
    {"method": "POST", "url": "/v9/dingen/een/delen?limit=x", "json": [1]},
    {"method": "POST", "url": "/v9/dingen/1/delen", "json": {"naam": "stuk"}},
    {"method": "POST", "url": "/v9/dingen/1/delen?breek=1", "json": {"naam": "a"}},
    {"method": "POST", "url": "/v9/dingen/1/delen"},
    {"method": "POST", "url": "/v9/dingen/1/delen", "content": b'{"naam": '},
    {"method": "POST", "url": "/v9/dingen/1/delen", "content": b"\xff\xfe"},
    {"method": "POST", "url": "/v9/dingen/1/delen", "content": b"[" * 100_000},
    {"method": "POST", "url": "/v9/dingen/1/delen", "content": b"null"},
    {
        "method": "POST",
        "url": "/v9/dingen/1/delen",
        "json": {"naam": "a"},
        "headers": [("X-Soort", "1"), ("X-Soort", "2")],
    },
    {
        "method": "POST",
        "url": "/v9/dingen/1/delen",
        "json": {"naam": "a"},
        "headers": {"X-Soort": "rood"},
    },
    {"method": "GET", "url": "/v9/dingen/nieuw"},
    {"method": "GET", "url": "/v9/dingen/nieuw?tags=a&tags=b&q="},
    {"method": "GET", "url": "/v9/dingen/oud"},
    {"method": "GET", "url": "/v9/dingen/oud", "headers": {"X-When": "nu"}},
    {"method": "GET", "url": "/v9/dingen/o%20u%2Fd", "headers": {"X-When": ""}},
    {"method": "PUT", "url": "/v9/dingen/oud"},
    {"method": "PUT", "url": "/v9/dingen/oud", "content": b"null"},
    {"method": "PUT", "url": "/v9/dingen/oud", "json": {"naam": "a"}},
    {"method": "GET", "url": "/v9/dingen/oud/plat"},
    {"method": "GET", "url": "/v9/dingen"},
    {"method": "GET", "url": "/v9/dingen/"},
    {"method": "DELETE", "url": "/v9/dingen/oud"},
    {"method": "GET", "url": "/elders"},
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda r: f"{r['method']} {r['url']}")
async def test_answers_as_fastapi_does(request_: dict[str, Any]) -> None:
    app = _app()
    more = httpx.Headers(request_.get("headers")).multi_items()
    headers = [("content-type", "application/json"), *more]
    asked = {**request_, "headers": headers}
    expected = await _ask(app, app.state.trail, **asked)
    found = await _ask(Lanes(app, lambda lane: lane), app.state.trail, **asked)
    assert found == expected
    assert expected[0] != 500


async def test_what_a_lane_cannot_carry_stays_with_fastapi() -> None:
    def sync() -> int:
        return 1

    app = FastAPI()

    @app.get("/a/b")
    async def threaded(value: Annotated[int, Depends(sync)]) -> Response:
        return JSONResponse(value)

    lanes = Lanes(app, lambda lane: lane)
    assert lanes.of("GET", "/a/b") is app
    status, _, found, _ = await _ask(lanes, [], method="GET", url="/a/b")
    assert (status, found) == (200, 1)


async def test_an_unforeseen_error_leaves_the_lane() -> None:
    app = FastAPI()

    @app.get("/a")
    async def broken() -> Response:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await _ask(Lanes(app, lambda lane: lane), [], method="GET", url="/a")


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_has_a_lane(service: str) -> None:
    settings = Settings(environment="test", master_key=SECRET, token_key="k" * 40)
    lanes = lanes_of(app_of(service, settings))
    operations = [
        (method.upper(), path)
        for path, at_path in lanes.api.openapi()["paths"].items()
        for method in at_path
    ]
    assert operations
    assert [each for each in operations if lanes.of(*each) is lanes.api] == []
