"""The four APIs against their own documents: all checks of schemathesis, on a running platform."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.auth.issuer import issue
from shared.settings import SERVICES
from tests.support.people import EVERY_ROLE
from tests.support.platform import Platform, running_platform

EXAMPLES = os.environ.get("VTH_EXAMPLES", "8")
SECONDS = 3600
CONFIG = Path(__file__).with_name("schemathesis.toml")
pytestmark = [pytest.mark.timeout(SECONDS), pytest.mark.xdist_group("platform")]


@pytest.fixture(scope="module")
def platform(server_folder: Path) -> Iterator[Platform]:
    folder = server_folder / "contract"
    folder.mkdir(mode=0o755)
    with running_platform(folder) as running:
        yield running


@pytest.mark.parametrize("service", SERVICES)
def test_schemathesis_finds_no_failure(platform: Platform, service: str) -> None:
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"),
        f"{platform.url}/{service}/v1/openapi.json",
        *("--url", f"{platform.url}/{service}/v1"),
        *("--header", f"Authorization: Bearer {issue(platform.settings, EVERY_ROLE)}"),
        *("--checks", "all", "--max-examples", EXAMPLES, "--seed", "20261124"),
        *("--request-timeout", "30", "--suppress-health-check", "all", "--no-color"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": "."}
    result = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=SECONDS
    )
    assert result.returncode == 0, result.stdout[-12_000:] + result.stderr[-4_000:]
