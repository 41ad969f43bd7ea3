"""The portal: ways in, example users only where there is no provider, files that may be kept."""

import httpx
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from shared.auth.caller import Caller
from shared.settings import Settings
from shared.ui.portal import build_portal
from shared.ui.render import CONTENT_SECURITY_POLICY, asset

HERE = {"sec-fetch-site": "same-origin"}
LOCAL = Settings(environment="local", token_key=SecretStr("k" * 32))
ISSUER = "https://idp.example.nl/realms/vth"
WITH_PROVIDER = Settings(
    environment="local",
    public_url="https://vth.example.nl",
    oidc_issuer=ISSUER,
    oidc_jwks_url="http://keycloak:8080/realms/vth/certs",
    oidc_client_id="vth-web",
    oidc_client_secret=SecretStr("geheim"),
)
ADDRESSES = {
    "authorization_endpoint": "http://keycloak:8080/realms/vth/auth",
    "token_endpoint": f"{ISSUER}/token",
    "end_session_endpoint": f"{ISSUER}/logout",
}


def client_of(settings: Settings) -> TestClient:
    """A browser that does not follow redirects."""
    base = settings.public_url.replace("127.0.0.1:8000", "testserver")
    return TestClient(build_portal(settings), base_url=base, follow_redirects=False)


@pytest.fixture
def local() -> TestClient:
    return client_of(LOCAL)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[httpx.Request]:
    """What was asked of the provider."""
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.url.path.endswith("openid-configuration"):
            return httpx.Response(200, json=ADDRESSES)
        if request.url.path.endswith("/token") and b"code=goed" in request.content:
            return httpx.Response(200, json={"access_token": "geen-token", "expires_in": 60})
        return httpx.Response(400, json={"error": "invalid_grant"})

    real = httpx.AsyncClient

    def client(**options: float) -> httpx.AsyncClient:
        return real(transport=httpx.MockTransport(answer))

    monkeypatch.setattr("shared.ui.oidc.httpx.AsyncClient", client)
    return seen


def test_the_start_page_shows_the_way_for_citizens(local: TestClient) -> None:
    page = local.get("/")
    assert page.status_code == 200
    assert 'href="/intake/melden"' in page.text
    assert "Voorbeeldomgeving" in page.text
    assert page.headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert page.headers["x-content-type-options"] == "nosniff"


def test_signing_in_sets_a_closed_cookie_and_returns(local: TestClient) -> None:
    form = {"gebruiker": "klachten", "terug": "/intake/klachten?soort=geur"}
    answer = local.post("/inloggen", data=form, headers=HERE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/intake/klachten?soort=geur"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    page = local.get("/").text
    assert ">Klachten</a>" in page
    assert ">Rapportages</a>" not in page


def test_signing_out_ends_the_session(local: TestClient) -> None:
    local.post("/inloggen", data={"gebruiker": "beheer"}, headers=HERE)
    assert "Uitloggen" in local.get("/").text
    assert local.post("/uitloggen", headers=HERE).status_code == 200
    assert "Uitloggen" not in local.get("/").text


def test_signing_in_never_leads_elsewhere(local: TestClient) -> None:
    form = {"gebruiker": "beheer", "terug": "//kwaad.example"}
    assert local.post("/inloggen", data=form, headers=HERE).headers["location"] == "/"


def test_an_unknown_user_is_told(local: TestClient) -> None:
    answer = local.post("/inloggen", data={"gebruiker": "niemand"}, headers=HERE)
    assert answer.status_code == 400
    assert "Kies een van de gebruikers." in answer.text


@pytest.mark.parametrize("path", ["/inloggen", "/uitloggen"])
def test_other_sites_cannot_post(local: TestClient, path: str) -> None:
    away = {"sec-fetch-site": "cross-site"}
    assert local.post(path, data={"gebruiker": "beheer"}, headers=away).status_code == 403


def test_searching_needs_a_session_and_keeps_to_the_role(local: TestClient) -> None:
    assert local.get("/zoeken?q=a b").headers["location"].startswith("/inloggen?terug=%2Fzoeken")
    local.post("/inloggen", data={"gebruiker": "klachten"}, headers=HERE)
    page = local.get("/zoeken", params={"q": "<b>haven"}).text
    assert 'href="/intake/klachten?zoek=%3Cb%3Ehaven"' in page
    assert "&lt;b&gt;haven" in page
    assert "/reporting/deelnemers" not in page.split("<main")[1]


def test_what_is_not_there_is_a_dutch_page(local: TestClient) -> None:
    page = local.get("/bestaat-niet")
    assert page.status_code == 404
    assert "Niet gevonden" in page.text


def test_files_by_hash_are_kept_for_ever(local: TestClient) -> None:
    hashed = asset("vth.css")
    assert "?v=" in hashed
    assert "immutable" in local.get(hashed).headers["cache-control"]
    assert local.get("/static/vth.css").headers["cache-control"] == "no-cache"
    assert local.get("/static/..%2frender.py").status_code == 404


def test_with_a_provider_the_browser_is_sent_there(asked: list[httpx.Request]) -> None:
    answer = client_of(WITH_PROVIDER).get("/inloggen?terug=/reporting/uren")
    assert answer.status_code == 303
    sent = httpx.URL(answer.headers["location"])
    assert str(sent).startswith("https://idp.example.nl/realms/vth/auth?")
    assert sent.params["redirect_uri"] == "https://vth.example.nl/inloggen/terug"
    assert sent.params["code_challenge_method"] == "S256"
    assert "Secure" in answer.headers["set-cookie"]
    assert asked[0].url.host == "keycloak"


def test_with_a_provider_there_are_no_example_users(asked: list[httpx.Request]) -> None:
    answer = client_of(WITH_PROVIDER).post("/inloggen", data={"gebruiker": "beheer"}, headers=HERE)
    assert answer.status_code == 403
    assert "vth_sessie" not in answer.headers.get("set-cookie", "")


def test_an_answer_without_its_attempt_is_refused(asked: list[httpx.Request]) -> None:
    client = client_of(WITH_PROVIDER)
    assert client.get("/inloggen/terug?code=goed&state=x").status_code == 400
    client.get("/inloggen")
    assert client.get("/inloggen/terug?code=goed&state=vals").status_code == 400
    assert not [request for request in asked if request.method == "POST"]


@pytest.mark.parametrize("code", ["goed", "fout"])
def test_a_token_that_does_not_hold_opens_nothing(asked: list[httpx.Request], code: str) -> None:
    client = client_of(WITH_PROVIDER)
    state = httpx.URL(client.get("/inloggen").headers["location"]).params["state"]

    async def refuse(token: str) -> None:
        from shared.errors import Unauthenticated

        raise Unauthenticated("Het token is ongeldig.")

    client.app.state.verifier.verify = refuse  # type: ignore[attr-defined]
    answer = client.get(f"/inloggen/terug?code={code}&state={state}")
    assert answer.status_code == 400
    assert "vth_sessie" not in answer.headers.get("set-cookie", "")


def test_a_token_that_holds_becomes_the_session(asked: list[httpx.Request]) -> None:
    client = client_of(WITH_PROVIDER)
    location = client.get("/inloggen?terug=/reporting/uren").headers["location"]
    state = httpx.URL(location).params["state"]

    async def accept(token: str) -> Caller:
        assert token == "geen-token"
        return Caller("jan", "Jan", frozenset(), frozenset(), frozenset())

    client.app.state.verifier.verify = accept  # type: ignore[attr-defined]
    answer = client.get(f"/inloggen/terug?code=goed&state={state}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/reporting/uren"
    posted = next(request for request in asked if request.method == "POST")
    assert posted.url.host == "keycloak"
    assert b"code_verifier=" in posted.content


def test_signing_out_offers_the_provider(asked: list[httpx.Request]) -> None:
    page = client_of(WITH_PROVIDER).post("/uitloggen", headers=HERE).text
    assert "https://idp.example.nl/realms/vth/logout" in page


def test_one_address_signs_in_so_often() -> None:
    portal = client_of(LOCAL.model_copy(update={"sign_ins_per_hour": 1}))
    form = {"gebruiker": "klachten"}
    assert portal.post("/inloggen", data=form, headers=HERE).status_code == 303
    refused = portal.post("/inloggen", data=form, headers=HERE)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert "Te vaak" in refused.text
    assert portal.get("/inloggen/terug?code=x&state=y").status_code == 429
    assert portal.get("/inloggen").status_code == 200
