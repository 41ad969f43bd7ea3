"""docker-compose.yml as it is shipped: healthy, quiet, the whole chain, and what crashes returns.

The tests run in this order on one installation: `make compose-test`.
"""

import json
import threading
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from shared.clock import SystemClock, local_date
from shared.settings import SERVICES
from tests.e2e.chain import Chain
from tests.support.compose import OURS, Installation

OTHERS = ("postgres", "kafka", "keycloak", "gateway")


def chain_on(installation: Installation) -> Chain:
    return Chain(installation.url, installation.token, local_date(SystemClock().now()))


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


@pytest.mark.parametrize("service", ["migrate", *OURS])
def test_ours_do_not_run_as_root_and_hold_no_power(
    installation: Installation, service: str
) -> None:
    found = installation.inspect(service)
    assert found["Config"]["User"] == "vth"
    assert found["HostConfig"]["ReadonlyRootfs"]
    assert found["HostConfig"]["CapDrop"] == ["ALL"]


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


def test_the_command_line_is_in_the_image(installation: Installation) -> None:
    assert "intake" in installation.compose("exec", "-T", "intake", "vth", "events", "status")
    shown = installation.compose(
        "exec", "-T", "intake", "vth", "events", "parked", "risk", "--json"
    )
    assert json.loads(shown) == []


def test_only_intake_holds_the_key_of_complainants(installation: Installation) -> None:
    for service in OURS:
        held = "VTH_MASTER_KEY=" in "\n".join(installation.inspect(service)["Config"]["Env"])
        assert held == service.startswith("intake")


def test_signing_in_goes_to_keycloak_and_its_page_answers(installation: Installation) -> None:
    page = httpx2.get(f"{installation.url}/inloggen", follow_redirects=True, timeout=30)
    assert page.status_code == 200, page.text
    assert str(page.url).startswith(f"{installation.url}/auth/realms/vth/")
    assert "password" in page.text


@pytest.mark.parametrize("resolved", [False, True])
def test_the_chain_through_the_gateway(installation: Installation, resolved: bool) -> None:
    chain_on(installation).walk(resolved=resolved)
    for service in OURS:
        assert complaints(installation, service) == []


def test_a_crash_at_any_step_loses_and_doubles_nothing(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A broker that crashed has to read its log again before it serves.
    monkeypatch.setattr("tests.e2e.chain.PATIENCE", 240.0)
    chain = UnderCrashes(installation)
    chain.walk()
    assert len(chain.crashed) == 12
    assert chain.counted() == 1
    assert len(chain.made["inspections"]) == 1


class UnderCrashes(Chain):
    """A walk while processes end as they do in a crash, two or three during a step."""

    def __init__(self, installation: Installation) -> None:
        today = local_date(SystemClock().now())
        super().__init__(installation.url, installation.token, today)
        self.installation = installation
        self.crashed: list[str] = []

    def complaint(self) -> None:
        self._during(super().complaint, "intake-worker", "kafka")

    def link(self) -> None:
        self._during(super().link, "risk-worker", "intake")

    def inspection(self) -> None:
        self._during(super().inspection, "enforcement-worker", "enforcement")

    def order(self) -> None:
        self._during(super().order, "risk", "gateway", "postgres")

    def answer(self) -> None:
        self._during(super().answer, "reporting-worker", "reporting", "kafka")

    def _during(self, step: Callable[[], None], *services: str) -> None:
        thread = threading.Thread(target=self._crash, args=services)
        thread.start()
        step()
        thread.join()

    def _crash(self, *services: str) -> None:
        for service in services:
            self.installation.crash(service)
            self.crashed.append(service)


def test_stopping_takes_seconds_and_loses_no_request_half_way(installation: Installation) -> None:
    installation.compose("stop", "--timeout", "30", *OURS)
    # 137 would be the engine that lost its patience.
    codes = {name: installation.inspect(name)["State"]["ExitCode"] for name in OURS}
    assert codes == dict.fromkeys(OURS, 0)
