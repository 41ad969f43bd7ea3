"""The web process: services under their names, the portal at the root, lifespans that run."""

from collections.abc import AsyncIterator

import httpx2
import pytest

from deploy import services, web
from shared.service import build_service
from shared.settings import Settings
from tests.support import sample_service
from tests.support.databases import Templates

SPECS = {"risk": sample_service.publisher_spec(), "intake": sample_service.consumer_spec()}


@pytest.fixture
async def client(
    server_settings: Settings, templates: Templates, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx2.AsyncClient]:
    def app_of(name: str, settings: Settings) -> object:
        return build_service(SPECS[name], settings)

    monkeypatch.setattr(services, "app_of", app_of)
    for name in SPECS:
        await sample_service.create_tables(await templates.empty(name, f"vth_{name}"))
    await templates.copy("sessions", "vth_sessions")
    app = web.build(list(SPECS), server_settings)
    transport = httpx2.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://vth") as client,
    ):
        yield client


async def test_each_service_answers_under_its_name(client: httpx2.AsyncClient) -> None:
    for name in SPECS:
        assert (await client.get(f"/{name}/hallo")).json() == {"dienst": name}
        assert (await client.get(f"/{name}/health/ready")).status_code == 200


async def test_the_portal_answers_at_the_root(client: httpx2.AsyncClient) -> None:
    start = await client.get("/")
    assert start.status_code == 200
    assert "text/html" in start.headers["content-type"]
    assert (await client.get("/nergens")).status_code == 404


async def test_all_web_processes_count_sign_ins_together(
    client: httpx2.AsyncClient, server_settings: Settings
) -> None:
    assert (await client.get("/")).status_code == 200
    settings = server_settings.model_copy(update={"sign_ins_per_hour": 3})
    form = {"gebruiker": "klachten"}
    answers = []
    for process in (web.build(list(SPECS), settings), web.build(list(SPECS), settings)):
        async with (
            process.router.lifespan_context(process),
            httpx2.AsyncClient(transport=httpx2.ASGITransport(process), base_url="http://vth") as c,
        ):
            for _ in range(2):
                answer = await c.post(
                    "/inloggen", data=form, headers={"sec-fetch-site": "same-origin"}
                )
                answers.append(answer.status_code)
    assert answers == [303, 303, 303, 429]


def test_an_unknown_service_has_no_name() -> None:
    with pytest.raises(services.UnknownServiceError, match="intake, risk"):
        services.named("nergens")
    assert services.named("risk") == ("risk",)
    assert set(services.named("all")) == {"intake", "risk", "enforcement", "reporting"}
