"""docker-compose.yml as it is shipped: healthy, quiet, and the whole chain.

The tests of this folder run in this order on one installation: `make compose-test`.
"""

import json
from typing import Any

import httpx2
import pytest

from shared.settings import SERVICES
from tests.support.compose import OURS, Installation, chain_on

OTHERS = ("postgres", "kafka", "keycloak", "gateway")
FINISHED = ("migrate", "kafka-access")


def told(installation: Installation, service: str) -> list[dict[str, Any]]:
    """The lines of a service of ours; each one must be JSON."""
    return [json.loads(line) for line in installation.log(service)]


def complaints(installation: Installation, service: str) -> list[dict[str, Any]]:
    """What it logged that somebody would have to look at."""
    quiet = {"debug", "info"}
    return [line for line in told(installation, service) if line["level"] not in quiet]


@pytest.mark.parametrize("service", [*OURS, *OTHERS])
def test_every_part_is_healthy_and_comes_back_by_itself(
    installation: Installation, service: str
) -> None:
    found = installation.inspect(service)
    assert found["State"]["Health"]["Status"] == "healthy"
    assert found["HostConfig"]["RestartPolicy"]["Name"] == "unless-stopped"
    assert found["RestartCount"] == 0


@pytest.mark.parametrize("service", FINISHED)
def test_what_prepares_ended_well(installation: Installation, service: str) -> None:
    found = installation.inspect(service)
    assert found["State"]["ExitCode"] == 0
    assert found["Config"]["User"] not in {"", "root"}


@pytest.mark.parametrize("service", OURS)
def test_a_clean_start_logs_json_and_no_warning(installation: Installation, service: str) -> None:
    assert told(installation, service)
    assert complaints(installation, service) == []


def test_the_figures_stay_inside(installation: Installation) -> None:
    for service in SERVICES:
        assert httpx2.get(f"{installation.url}/{service}/metrics").status_code == 404
        assert httpx2.get(f"{installation.url}/{service}/health/ready").status_code == 200


@pytest.mark.parametrize(
    "path", ["/auth/admin/", "/auth/admin/master/console/", "/auth/realms/master"]
)
def test_the_console_of_keycloak_stays_inside(installation: Installation, path: str) -> None:
    assert httpx2.get(f"{installation.url}{path}").status_code == 404


def test_only_intake_holds_the_key_of_complainants(installation: Installation) -> None:
    for service in OURS:
        held = "VTH_MASTER_KEY=" in "\n".join(installation.inspect(service)["Config"]["Env"])
        assert held == service.startswith("intake")


@pytest.mark.parametrize("resolved", [False, True])
def test_the_chain_through_the_gateway(installation: Installation, resolved: bool) -> None:
    chain_on(installation).walk(resolved=resolved)
    for service in OURS:
        assert complaints(installation, service) == []
