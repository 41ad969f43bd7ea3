"""The portal: ways in, example users only where there is no provider, files that may be kept."""

from collections.abc import Iterator

import httpx2
import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from shared.settings import Settings
from shared.ui.portal import build_portal
from shared.ui.render import CONTENT_SECURITY_POLICY, asset
from tests.support.issuer import CLIENT, CLIENT_SECRET, Issuer, running_issuer
from tests.support.sessions import use_tokens

HERE = {"sec-fetch-site": "same-origin"}
LOCAL = Settings(environment="local", token_key=SecretStr("k" * 32))
WITH_PROVIDER = Settings(
    environment="local",
    public_url="https://vth.example.nl",
    oidc_client_id=CLIENT,
    oidc_client_secret=SecretStr(CLIENT_SECRET),
)


def client_of(settings: Settings) -> TestClient:
    """A browser that does not follow redirects."""
    base = settings.public_url.replace("127.0.0.1:8000", "testserver")
    portal = build_portal(settings)
    use_tokens(portal, settings)
    return TestClient(portal, base_url=base, follow_redirects=False)


@pytest.fixture
def local() -> TestClient:
    return client_of(LOCAL)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with running_issuer() as issuer:
        yield issuer


@pytest.fixture
def elsewhere(issuer: Issuer) -> Settings:
    """An installation that the browser knows the provider of by another host than the servers."""
    issuer.asked.clear()
    keys = f"{issuer.url}/keys"
    update = {"oidc_issuer": "https://idp.example.nl", "oidc_jwks_url": keys}
    return WITH_PROVIDER.model_copy(update=update)


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


def test_with_a_provider_the_browser_is_sent_there(elsewhere: Settings) -> None:
    answer = client_of(elsewhere).get("/inloggen?terug=/reporting/uren")
    assert answer.status_code == 303
    sent = httpx2.URL(answer.headers["location"])
    assert str(sent).startswith("https://idp.example.nl/authorize?")
    assert sent.params["redirect_uri"] == "https://vth.example.nl/inloggen/terug"
    assert sent.params["code_challenge_method"] == "S256"
    assert sent.params["scope"] == "openid profile"
    assert len(sent.params["nonce"]) > 20
    assert "Secure" in answer.headers["set-cookie"]


def test_with_a_provider_there_are_no_example_users(elsewhere: Settings) -> None:
    answer = client_of(elsewhere).post("/inloggen", data={"gebruiker": "beheer"}, headers=HERE)
    assert answer.status_code == 403
    assert "vth_sessie" not in answer.headers.get("set-cookie", "")


def test_an_answer_without_its_attempt_is_refused(elsewhere: Settings, issuer: Issuer) -> None:
    client = client_of(elsewhere)
    assert client.get("/inloggen/terug?code=goed&state=x").status_code == 400
    client.get("/inloggen")
    assert client.get("/inloggen/terug?code=goed&state=vals").status_code == 400
    assert issuer.asked == []


def test_a_code_that_the_provider_does_not_know_opens_nothing(
    elsewhere: Settings, issuer: Issuer
) -> None:
    client = client_of(elsewhere)
    state = httpx2.URL(client.get("/inloggen").headers["location"]).params["state"]
    answer = client.get(f"/inloggen/terug?code=fout&state={state}")
    assert answer.status_code == 400
    assert "niet bevestigd" in answer.text
    assert "vth_sessie" not in answer.headers.get("set-cookie", "")
    assert [each["code"] for each in issuer.asked] == ["fout"]


def test_signing_out_follows_to_the_provider(elsewhere: Settings) -> None:
    page = client_of(elsewhere).post("/uitloggen", headers=HERE).text
    assert 'http-equiv="refresh" content="0; url=https://idp.example.nl/logout?' in page


def test_a_provider_that_is_away_keeps_nobody_in(issuer: Issuer) -> None:
    gone = {"oidc_issuer": "http://127.0.0.1:1"}
    page = client_of(WITH_PROVIDER.model_copy(update=gone)).post("/uitloggen", headers=HERE)
    assert page.status_code == 200
    assert "U bent uitgelogd" in page.text
    assert 'http-equiv="refresh"' not in page.text
    away = client_of(WITH_PROVIDER.model_copy(update=gone)).get("/inloggen")
    assert away.status_code == 503
    assert "De aanbieder van uw account antwoordt niet" in away.text


def test_without_a_provider_nobody_ends_sessions_for_it(local: TestClient) -> None:
    answer = local.post("/uitloggen/aanbieder", data={"logout_token": "x"}, headers=HERE)
    assert answer.status_code == 404


@pytest.mark.parametrize("to", ["//kwaad.example", "https://kwaad.example", "javascript:alert(1)"])
def test_the_page_of_a_session_that_ended_leads_nowhere_else(local: TestClient, to: str) -> None:
    page = local.get("/inloggen/verlopen", params={"terug": to, "reden": "<b>"})
    assert page.status_code == 200
    assert "kwaad" not in page.text
    assert "javascript" not in page.text.split("<main")[1]
    assert "Uw sessie is verlopen" in page.text


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
