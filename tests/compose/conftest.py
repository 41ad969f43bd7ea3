"""One installation for all tests of this folder, and how long it took to be healthy."""

from collections.abc import Iterator

import pytest

from tests.support.compose import Installation, running_installation

HEALTHY = pytest.StashKey[float]()


@pytest.fixture(scope="session")
def installation(
    pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    with running_installation(tmp_path_factory.mktemp("settings")) as running:
        pytestconfig.stash[HEALTHY] = running.healthy_seconds
        yield running


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    seconds = terminalreporter.config.stash.get(HEALTHY, None)
    if seconds is not None:
        terminalreporter.write_line(f"docker compose: healthy after {seconds:.0f} s")
