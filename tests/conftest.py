"""Fixtures that every test may ask for; tests/support holds how they are made."""

from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from shared.telemetry import configure_logging

pytest_plugins = ("tests.support.servers", "tests.support.databases", "tests.support.files")

# As in production: without this structlog renders each traceback with all its local variables.
configure_logging(service="tests", form="console", level="info")
# A test may replace standard output for a while: a kept logger would write to a closed file.
structlog.configure(cache_logger_on_first_use=False)
# How long an example takes says more of a busy machine than of a rule.
settings.register_profile("tests", parent=settings.default, deadline=None)
settings.load_profile("tests")

# A file is played by one process. The long ones first, so that none of them is left to one process
# while the others have nothing to do.
LONG = (
    "chaos",
    "contract",
    "e2e",
    "upgrade",
    "integration/enforcement",
    "integration/messaging",
    "integration",
    "browser",
)


def turn(path: Path) -> int:
    """When the tests of a file are played."""
    within = path.relative_to(Path(__file__).parent)
    return next((n for n, part in enumerate(LONG) if within.is_relative_to(part)), len(LONG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the order within a file: some tests of a module build on the one before."""
    items.sort(key=lambda item: turn(item.path))
