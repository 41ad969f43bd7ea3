"""What crashes comes back and loses nothing; stopping takes seconds. These tests come last."""

import threading
from collections.abc import Callable

import pytest

from shared.clock import SystemClock, local_date
from tests.e2e.chain import Chain
from tests.support.compose import OURS, Installation


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
