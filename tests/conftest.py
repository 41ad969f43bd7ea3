"""Fixtures that every test may ask for; tests/support holds how they are made."""

import structlog

from shared.telemetry import configure_logging

pytest_plugins = ("tests.support.servers", "tests.support.databases", "tests.support.files")

# As in production: without this structlog renders each traceback with all its local variables.
configure_logging(service="tests", form="console", level="info")
# A test may replace standard output for a while: a kept logger would write to a closed file.
structlog.configure(cache_logger_on_first_use=False)
