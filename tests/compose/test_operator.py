"""Who looks after the installation: the command line, the settings, and what stays inside."""

import json
import re
import secrets
from base64 import b64encode

import httpx2
import pytest

from shared.settings import SERVICES
from tests.support.compose import OURS, Installation

PUBLIC_COMPLAINT = "/intake/melden"


def test_the_realm_has_no_users_and_narrow_doors(installation: Installation) -> None:
    with installation.keycloak() as keycloak:
        realm = keycloak.realm()
    assert realm["sslRequired"] == "external"
    assert not realm["registrationAllowed"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/auth/",
            "/auth/admin",
            "/auth/admin/",
            "/auth/admin/master/console/",
            "/auth/realms/master",
        ),
        "/auth/realms/master/protocol/openid-connect/token",
        *("/auth//admin/master/console/", "/auth/./admin/", "/auth/%61dmin/master/console/"),
        *("/auth/x/..%2fadmin/", "/auth/realms/vth/../master", "/auth/realms/%6daster"),
        *("/auth/realms/master;x=1", "/auth/admin;x=1/", "/auth/metrics", "/auth/health"),
    ],
)
def test_the_console_of_keycloak_stays_inside(installation: Installation, path: str) -> None:
    # As it is typed: a client would tidy the path up.
    with httpx2.Client(base_url=installation.url) as client:
        request = client.build_request("GET", "/")
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = client.send(request)
    assert answer.status_code in {400, 404}, answer.text


def test_keycloak_names_the_address_that_visitors_use(installation: Installation) -> None:
    page = httpx2.get(f"{installation.url}/auth/realms/vth/account").raise_for_status().text
    assert f'"authServerUrl": "{installation.url}/auth/"' in page
    named = httpx2.get(f"{installation.url}/auth/realms/vth/.well-known/openid-configuration")
    assert named.json()["issuer"] == f"{installation.url}/auth/realms/vth"


def test_the_command_line_checks_the_whole_installation(installation: Installation) -> None:
    with pytest.raises(RuntimeError) as refused:
        installation.vth("check")
    printed = str(refused.value)
    # Outgoing mail is all that this installation misses.
    assert re.findall(r"✗ (.+)", printed) == ["Uitgaande post"]
    assert printed.count("✓") >= 2 + 2 * len(SERVICES) + 2


def test_the_command_line_sees_all_services(installation: Installation) -> None:
    status = installation.vth("events", "status")
    assert all(name in status for name in SERVICES)
    for name in SERVICES:
        assert json.loads(installation.vth("events", "parked", name, "--json")) == []
        inside = installation.compose("exec", "-T", name, "vth", "events", "parked", name, "--json")
        assert json.loads(inside) == []


def test_example_data_are_refused(installation: Installation) -> None:
    with pytest.raises(RuntimeError, match="productie"):
        installation.vth("demo")


def test_the_agency_is_named_on_screens(installation: Installation) -> None:
    page = httpx2.get(installation.url).raise_for_status().text
    assert "Omgevingsdienst Proef &amp; Co" in page
    assert "voorbeeld" not in page.lower()


def test_a_citizen_sends_a_complaint_before_anybody_can_sign_in(
    installation: Installation,
) -> None:
    installation.compose("stop", "keycloak")
    try:
        page = httpx2.get(f"{installation.url}{PUBLIC_COMPLAINT}").raise_for_status().text
        assert "<form" in page
    finally:
        installation.compose("up", "--wait", "--no-recreate", "keycloak")


def test_the_key_of_complainants_can_be_replaced(installation: Installation) -> None:
    """As docs/beheer.md says it: restart with both, rotate, restart without the old."""
    old = installation.environment["VTH_MASTER_KEY"]
    installation.environment["VTH_MASTER_KEY_PREVIOUS"] = old
    installation.environment["VTH_MASTER_KEY"] = b64encode(secrets.token_bytes(32)).decode()
    installation.compose("up", "--wait", "--no-deps", "intake", "intake-worker")
    installation.compose("run", "--rm", "-T", "migrate", "keys", "rotate")
    del installation.environment["VTH_MASTER_KEY_PREVIOUS"]
    installation.compose("up", "--wait", "--no-deps", "intake", "intake-worker")
    installation.vth("keys", "status")
    for service in OURS:
        assert installation.inspect(service)["State"]["Health"]["Status"] == "healthy"
