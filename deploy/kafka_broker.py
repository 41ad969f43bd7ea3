"""A real Apache Kafka broker (KRaft) from its Maven jars, for tests and for trying things out."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from deploy.postgres_folder import free_port

POM = Path(__file__).parent / "kafka" / "pom.xml"
START_TIMEOUT = 60.0
STOP_TIMEOUT = 15.0
DOWNLOAD_TIMEOUT = 300.0
SERVER_PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{broker},CONTROLLER://127.0.0.1:{controller}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
log.segment.bytes=16777216
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=2500
"""


class KafkaUnavailableError(Exception):
    """No broker can be started here; the message says what is missing."""


class KafkaBroker:
    """One combined broker and controller over a folder."""

    def __init__(self, folder: Path, *, memory: str = "512m") -> None:
        self._folder = folder.absolute()
        self._memory = memory
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def bootstrap_servers(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def pid(self) -> int:
        """The broker's process id. Raises KafkaUnavailableError when it was not started."""
        if self._process is None:
            raise KafkaUnavailableError("the Kafka broker is not running")
        return self._process.pid

    def start(self) -> None:
        """Start the broker and wait until it serves; after a kill it takes up its old data."""
        if self._process is not None and self._process.poll() is None:
            return
        java, jars = find_java(), fetch_jars()
        properties = self._folder / "server.properties"
        if not properties.exists():
            self._format(java, jars, properties)
        listeners = properties.read_text("utf-8").partition("PLAINTEXT://127.0.0.1:")[2]
        self._port = int(listeners.partition(",")[0])
        command = _java(java, jars, self._memory, "kafka.Kafka", str(properties))
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                command,
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self._await_ready(self._process)
        except BaseException:
            self.stop()
            raise

    def kill(self) -> None:
        """End the broker as a crash would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        return self._folder / "broker.log"

    def _format(self, java: Path, jars: Path, properties: Path) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        fresh = properties.with_suffix(".new")
        fresh.write_text(self._properties(), "utf-8")
        arguments = ("format", *self._membership(), "-c", str(fresh))
        command = _java(java, jars, "128m", "kafka.tools.StorageTool", *arguments)
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=START_TIMEOUT
        )
        if done.returncode:
            raise KafkaUnavailableError(
                f"the storage was not formatted:\n{done.stdout}{done.stderr}"
            )
        fresh.rename(properties)

    def _properties(self) -> str:
        return SERVER_PROPERTIES.format(
            folder=self._folder, broker=free_port(0), controller=free_port(0)
        )

    def _membership(self) -> tuple[str, ...]:
        """Options for the format of the storage: of which cluster it is, and who votes in it."""
        return ("--standalone", "-t", new_id())

    def _await_ready(self, process: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while "Kafka Server started" not in self._log.read_text("utf-8", errors="replace"):
            if process.poll() is not None or time.monotonic() > deadline:
                tail = self._log.read_text("utf-8", errors="replace").splitlines()[-20:]
                raise KafkaUnavailableError("the broker did not start:\n" + "\n".join(tail))
            time.sleep(0.05)

    def _end(self, request: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(request)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_TIMEOUT)
        process.kill()
        process.wait()


def find_java() -> Path:
    """The Java program. Raises KafkaUnavailableError where there is none of version 17 or later."""
    home = os.environ.get("JAVA_HOME")
    found = shutil.which("java", path=f"{home}/bin" if home else None)
    if found is None:
        raise KafkaUnavailableError("er is geen Java (17 of later) op deze machine")
    described = subprocess.run([found, "-version"], capture_output=True, text=True, check=False)
    version = described.stderr.partition('version "')[2].partition(".")[0]
    if not version.isdigit() or int(version) < 17:
        raise KafkaUnavailableError(
            f"Java 17 of later is nodig, {found} is versie {version or '?'}"
        )
    return Path(found)


def fetch_jars() -> Path:
    """The folder with the broker's jars, fetched once by Maven into a cache outside the project."""
    cache = Path(os.environ.get("VTH_CACHE") or Path.home() / ".cache" / "vth-platform") / "kafka"
    jars = cache / hashlib.sha256(POM.read_bytes()).hexdigest()[:16]
    if jars.exists():
        return jars
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not jars.exists():
            _download(jars)
    return jars


def _download(jars: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise KafkaUnavailableError("er is geen Maven (mvn) om Apache Kafka mee op te halen")
    fresh = jars.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    goal = ("dependency:copy-dependencies", f"-DoutputDirectory={fresh}", "-DincludeScope=runtime")
    done = subprocess.run(
        [maven, "-B", "-q", "-f", str(POM), *goal],
        capture_output=True,
        text=True,
        check=False,
        timeout=DOWNLOAD_TIMEOUT,
    )
    if done.returncode:
        raise KafkaUnavailableError(f"Maven kon Apache Kafka niet ophalen:\n{done.stdout[-2000:]}")
    fresh.rename(jars)


def _java(java: Path, jars: Path, memory: str, main: str, *arguments: str) -> list[str]:
    return [
        str(java),
        f"-Xmx{memory}",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=info",
        "-cp",
        f"{jars}/*",
        main,
        *arguments,
    ]


def new_id() -> str:
    """An id as Kafka writes it: a UUID in 22 base64 characters, never an option's dash."""
    text = urlsafe_b64encode(uuid4().bytes).decode("ascii").rstrip("=")
    return text if not text.startswith("-") else new_id()
