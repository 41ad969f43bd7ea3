"""The whole platform as processes of its own on real servers, with proxies to do harm in."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import asyncpg
import httpx2
from pydantic import SecretStr

from deploy import databases, topics
from deploy.postgres import EmbeddedPostgres
from deploy.postgres_folder import free_port
from deploy.supervisor import Command, Supervisor, vth
from shared.settings import SERVICES, Settings
from tests.support.kafka_cluster import KafkaCluster
from tests.support.tcp_proxy import TcpProxy

READY_SECONDS: Final = 120.0
RELAY_LEADS: Final = '"relay leads"'
# Beside the worker: a relay alone, as a larger installation runs it.
RELAY_BESIDE: Final = "enforcement"
UNNAMED: Final = "reporting"
# In which transaction an event was written, so that it can be told when others could know of it.
_REMEMBER_TRANSACTION: Final = (
    "ALTER TABLE outbox ADD COLUMN chaos_transaction xid8 DEFAULT pg_current_xact_id()"
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What runs: so many brokers, and the services in one web process or in one each.

    Two workers share the events of those that are doubled, and one relay of each pair stands by.
    """

    brokers: int = 1
    webs: Sequence[str] = SERVICES
    doubled: Sequence[str] = ("intake", "risk", "reporting")


@dataclass(slots=True)
class Site:
    """One installation under test."""

    folder: Path
    plan: Plan
    postgres: EmbeddedPostgres = field(init=False)
    kafka: KafkaCluster = field(init=False)
    to_postgres: TcpProxy = field(default_factory=TcpProxy)
    to_kafka: list[TcpProxy] = field(default_factory=list)
    processes: dict[str, Command] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    _supervisor: Supervisor = field(init=False)
    _ports: dict[str, int] = field(default_factory=dict)
    _closing: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.postgres = EmbeddedPostgres(self.folder / "postgres")
        self.postgres._settings["track_commit_timestamp"] = "on"
        self._supervisor = Supervisor(lambda name, text: self.told.append(f"{name} {text}"))
        self.to_kafka = [TcpProxy() for _ in range(self.plan.brokers)]

    # What it is made of

    @property
    def logs(self) -> Path:
        return self.folder / "log"

    @property
    def workers(self) -> list[str]:
        return [name for name in self.processes if not name.startswith("web-")]

    @property
    def webs(self) -> list[str]:
        return [name for name in self.processes if name.startswith("web-")]

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told: their servers stand behind the proxies."""
        return {
            "VTH_ENVIRONMENT": "test",
            "VTH_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.to_postgres.port}",
            "VTH_TRANSPORT": "kafka",
            "VTH_KAFKA_BOOTSTRAP_SERVERS": self.kafka.bootstrap_servers,
            "VTH_MASTER_KEY": "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q=",
            "VTH_WEBHOOK_KEY": "d2ViaG9va3dlYmhvb2t3ZWJob29rd2ViaG9va3dlYmg=",
            "VTH_TOKEN_KEY": "chaos-token-key-of-more-than-32-characters",
            "VTH_OUTBOX_DIR": str(self.folder / "post"),
            "VTH_LOG_FORMAT": "json",
            "VTH_POOL_SIZE": "4",
        }

    @property
    def settings(self) -> Settings:
        """Settings that go past the proxies, for whoever looks on."""
        given: dict[str, Any] = {
            name.removeprefix("VTH_").lower(): value for name, value in self.environment.items()
        }
        given["kafka_bootstrap_servers"] = self.kafka.direct_servers
        given["database_url"] = SecretStr(self.postgres.url)
        return Settings(**given)

    def url(self, service: str) -> str:
        """Where a service is served."""
        port = self._ports.get(service) or self._ports["all"]
        return f"http://127.0.0.1:{port}/{service}/v1"

    # Its life

    async def start(self) -> None:
        """Start the servers, make databases and topics, start every process and wait for it."""
        for proxy in (self.to_postgres, *self.to_kafka):
            await proxy.start()
            self._closing.push_async_callback(proxy.stop)
        self.kafka = KafkaCluster(self.folder / "kafka", [proxy.port for proxy in self.to_kafka])
        self._closing.push_async_callback(asyncio.to_thread, self.postgres.stop)
        self._closing.push_async_callback(self.kafka.stop)
        self._closing.push_async_callback(self._supervisor.stop)
        await asyncio.gather(asyncio.to_thread(self.postgres.start), self.kafka.start())
        self.to_postgres.target = self.postgres.port
        for proxy, port in zip(self.to_kafka, self.kafka.client_ports, strict=True):
            proxy.target = port
        await asyncio.gather(self._make_databases(), self._make_topics())
        for name, arguments in self._commands():
            given = self.environment | _instance(name)
            self.processes[name] = Command(name, vth(*arguments), given, self.logs)
            await self._supervisor.start(self.processes[name])
        await self.ready()

    async def stop(self) -> None:
        """Stop whatever was started: processes first, servers after them."""
        await self._closing.aclose()

    async def _make_databases(self) -> None:
        needed = (*SERVICES, databases.SESSIONS)
        await databases.create(self.settings, needed)
        for service in needed:
            url = databases.administration(self.settings, f"vth_{service}")
            await databases.upgrade_async(service, url, examples=True)
            if service == databases.SESSIONS:
                continue
            connection = await asyncpg.connect(url)
            await connection.execute(_REMEMBER_TRANSACTION)
            await connection.close()

    async def _make_topics(self) -> None:
        await topics.create(self.settings, replication=self.kafka.copies)

    def _commands(self) -> Sequence[tuple[str, tuple[str, ...]]]:
        found: list[tuple[str, tuple[str, ...]]] = []
        for web in self.plan.webs:
            self._ports[web] = port = free_port(0)
            found.append((f"web-{web}", ("serve", web, "--port", str(port))))
        found += [(f"worker-{name}", ("worker", name)) for name in SERVICES]
        found += [(f"worker-{name}-2", ("worker", name)) for name in self.plan.doubled]
        return [*found, (f"relay-{RELAY_BESIDE}-2", ("relay", RELAY_BESIDE))]

    async def ready(self) -> None:
        """Wait until every process runs and every service can work. Raises TimeoutError."""
        deadline = time.monotonic() + READY_SECONDS
        async with httpx2.AsyncClient(timeout=5) as client:
            for service in SERVICES:
                at = self.url(service).removesuffix("/v1") + "/health/ready"
                while not await _answers(client, at):
                    if time.monotonic() > deadline:
                        raise TimeoutError(f"{service} is not ready; see {self.logs}")
                    await asyncio.sleep(0.1)
        while not all(_alive(command.pid) for command in self.processes.values()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not every process runs; see {self.logs}")
            await asyncio.sleep(0.1)

    # Doing harm

    def signal(self, name: str, request: signal.Signals) -> None:
        """Send a signal to a process; the supervisor starts again what ends by it."""
        pid = self.processes[name].pid
        if pid is not None and _alive(pid):
            os.kill(pid, request)

    def leader(self, service: str) -> str:
        """Which process was the last to say that its relay leads."""
        names = [name for name in self.workers if name.split("-")[1] == service]
        return max(names, key=lambda name: _last_lead(self.logs / f"{name}.log"))


def _instance(process: str) -> dict[str, str]:
    """Workers have a name to Kafka by which they come back; those of one service have none."""
    return {} if UNNAMED in process else {"VTH_INSTANCE": process}


def _last_lead(log: Path) -> str:
    """The moment of the last line that says so; lines begin with theirs."""
    found = ""
    for line in log.read_text("utf-8", errors="replace").splitlines():
        if RELAY_LEADS in line:
            found = line[:23]
    return found


def _alive(pid: int | None) -> bool:
    if pid is None:
        return False
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in {"Z", "X"}


async def _answers(client: httpx2.AsyncClient, at: str) -> bool:
    try:
        return (await client.get(at)).is_success
    except httpx2.TransportError:
        return False


@asynccontextmanager
async def running(folder: Path, plan: Plan) -> AsyncIterator[Site]:
    """An installation that is gone after the block; its folder stays, with the logs."""
    site = Site(folder, plan)
    try:
        await site.start()
        yield site
    finally:
        await site.stop()
