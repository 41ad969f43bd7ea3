"""Real servers for the tests: PostgreSQL always, Apache Kafka where Java or a broker is at hand."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from deploy.kafka_broker import KafkaBroker, KafkaUnavailableError, fetch_jars, find_java
from deploy.postgres import EmbeddedPostgres

NO_KAFKA = "Apache Kafka is not tested here"


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Path]:
    """A folder of this test process that an unprivileged account may enter."""
    folder = Path(tempfile.mkdtemp(prefix="vth-test-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(server_folder: Path) -> Iterator[str]:
    """The URL of a PostgreSQL server (as superuser, without a database name)."""
    named = os.environ.get("VTH_DATABASE_URL")
    if named:
        yield named
        return
    with EmbeddedPostgres(server_folder / "postgres", durable=False) as server:
        yield server.url


@pytest.fixture(scope="session")
def kafka_bootstrap(server_folder: Path) -> Iterator[str]:
    """The address of a Kafka broker; without one the test is skipped, in CI it fails."""
    named = os.environ.get("VTH_KAFKA_BOOTSTRAP_SERVERS")
    if named:
        yield named
        return
    broker = KafkaBroker(server_folder / "kafka")
    try:
        broker.start()
    except KafkaUnavailableError as error:
        go_without_kafka(error)
    yield broker.bootstrap_servers
    broker.stop()


@pytest.fixture(scope="session")
def own_brokers() -> None:
    """For a test that starts brokers itself: skipped, or failed, as above."""
    try:
        find_java()
        fetch_jars()
    except KafkaUnavailableError as error:
        go_without_kafka(error)


def go_without_kafka(error: KafkaUnavailableError) -> NoReturn:
    """Skip the test; in CI it fails."""
    reason = f"{NO_KAFKA}: {error}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly at the end that the Kafka half of the tests did not run."""
    missed = [
        report
        for report in terminalreporter.stats.get("skipped", [])
        if isinstance(report.longrepr, tuple) and NO_KAFKA in report.longrepr[2]
    ]
    if missed:
        terminalreporter.section("KAFKA NOT TESTED", red=True, bold=True)
        terminalreporter.write_line(missed[0].longrepr[2], red=True)
        terminalreporter.write_line(
            f"{len(missed)} tests against Apache Kafka did not run. Install Java 17 and Maven, or "
            "name a broker in VTH_KAFKA_BOOTSTRAP_SERVERS.",
            red=True,
        )
