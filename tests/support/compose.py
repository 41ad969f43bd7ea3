"""The installation of docker-compose.yml as a project of its own, seen through its gateway."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from deploy.postgres_folder import free_port
from shared.clock import SystemClock, local_date
from shared.settings import SERVICES
from tests.e2e.chain import Chain
from tests.support.keycloak import Administration, administration
from tools.compose_env import values

ROOT = Path(__file__).resolve().parent.parent.parent
HEALTHY_SECONDS = 600
TOKEN_SECONDS = 600.0
OURS = (*SERVICES, *(f"{name}-worker" for name in SERVICES))
CHAIN_CLIENTS = ROOT / "tests" / "compose" / "chain_clients.json"
CHAIN_SECRET = "CHAIN_CLIENT_SECRET"
# Two people: who adopts a budget or approves a week sheet is not who made it.
CLIENTS = {"teamleider": "keten-b", "controller": "keten-b"}


@dataclass(slots=True)
class Installation:
    """One project of docker compose, with secrets and a port of its own."""

    project: str
    port: int
    environment: dict[str, str] = field(repr=False)
    healthy_seconds: float = 0.0
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def compose(self, *arguments: str) -> str:
        """Run docker compose and give what it prints. Raises RuntimeError when it fails."""
        project = ("--project-name", self.project, "--env-file", os.devnull)
        return docker("compose", *project, *arguments, environment=self.environment)

    def up(self) -> None:
        """Build the image, start everything and wait until all of it is healthy."""
        self.compose("build")
        start = time.perf_counter()
        self.compose("up", "--wait", "--wait-timeout", str(HEALTHY_SECONDS))
        self.healthy_seconds = time.perf_counter() - start

    def inspect(self, service: str) -> dict[str, Any]:
        """What the engine knows of the container of a service."""
        identity = self.compose("ps", "--all", "--quiet", service).strip()
        found: dict[str, Any] = json.loads(docker("inspect", identity))[0]
        return found

    def log(self, service: str) -> list[str]:
        """The lines that a service wrote."""
        return self.compose("logs", "--no-log-prefix", service).splitlines()

    def token(self, role: str) -> str:
        """A token of Keycloak for the client that plays this role."""
        client = CLIENTS.get(role, "keten-a")
        token, until = self._tokens.get(client, ("", 0.0))
        if time.monotonic() > until:
            token = self._new_token(client)
            self._tokens[client] = token, time.monotonic() + TOKEN_SECONDS
        return token

    def _new_token(self, client: str) -> str:
        form = {
            "grant_type": "client_credentials",
            "client_id": client,
            "client_secret": self.environment[CHAIN_SECRET],
        }
        at = f"{self.url}/auth/realms/vth/protocol/openid-connect/token"
        answer = httpx2.post(at, data=form, timeout=30).raise_for_status()
        token: str = answer.json()["access_token"]
        return token

    def crash(self, service: str) -> None:
        """End the main process of a container as a crash does: the engine must start it again.

        `docker kill` would count as the wish of an operator, after which it stays down.
        """
        while not (pid := self.inspect(service)["State"]["Pid"]):
            time.sleep(0.1)
        options = ("--rm", "--network=none", "--pid=host", "--user=root", "--entrypoint=sh")
        docker("run", *options, self.image, "-c", f"kill -9 {pid}")

    def keycloak(self) -> AbstractContextManager[Administration]:
        """The administration of Keycloak, at the port that only this machine reaches."""
        port = self.environment["KEYCLOAK_ADMIN_PORT"]
        password = self.environment["KEYCLOAK_ADMIN_PASSWORD"]
        return administration(f"http://127.0.0.1:{port}/auth", password, "vth")

    def python(self, service: str, program: str, **variables: str) -> str:
        """Run a program in the container of a service, and give what it prints."""
        given = [word for name, value in variables.items() for word in ("-e", f"{name}={value}")]
        return self.compose("exec", "-T", *given, service, "python", "-c", program)

    def vth(self, *arguments: str) -> str:
        """What the command line says to who looks after the installation."""
        return self.compose("run", "--rm", "-T", "vth", *arguments)

    @property
    def image(self) -> str:
        return f"vth-platform:{self.environment['VTH_TAG']}"


def docker(*arguments: str, environment: dict[str, str] | None = None) -> str:
    """Run docker and give what it prints. Raises RuntimeError when it fails."""
    try:
        done = subprocess.run(
            ["docker", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        raise RuntimeError("docker is needed for this test") from error
    if done.returncode:
        raise RuntimeError(
            f"docker {' '.join(arguments)}: {done.stdout[-4000:]}{done.stderr[-4000:]}"
        )
    return done.stdout


def chain_on(installation: Installation) -> Chain:
    """The walk through the chain, on this installation."""
    return Chain(installation.url, installation.token, local_date(SystemClock().now()))


def new_installation(folder: Path) -> Installation:
    """Settings of an installation beside whatever else runs on this machine."""
    port = free_port(0)
    # How slow a statement may be says something of this machine, not of the installation.
    others = folder / "vth.env"
    others.write_text("VTH_SLOW_STATEMENT_MS=2000\n", "utf-8")
    mine = values() | {
        "VTH_TAG": "compose-test",
        "VTH_AGENCY_NAME": "Omgevingsdienst Proef & Co",
        "VTH_AGENCY_OIN": "00000001002220647000",
        "VTH_MAIL_FROM": "post@proef.example",
        "VTH_PORT": str(port),
        "VTH_ENV_FILE": str(others),
        "VTH_PUBLIC_URL": f"http://localhost:{port}",
        "KEYCLOAK_ADMIN_PORT": str(free_port(0)),
        CHAIN_SECRET: secrets.token_urlsafe(24),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VTH_")}
    return Installation(f"vth-test-{secrets.token_hex(3)}", port, kept | mine)


@contextmanager
def running_installation(folder: Path) -> Iterator[Installation]:
    """Bring one up from nothing; afterwards nothing of it stays but the images."""
    installation = new_installation(folder)
    try:
        try:
            installation.up()
            add_chain_clients(installation)
            add_agency(installation)
        except RuntimeError as error:
            raise RuntimeError(_with_logs(installation, error)) from error
        yield installation
    finally:
        installation.compose("down", "--volumes", "--timeout", "20")


def add_chain_clients(installation: Installation) -> None:
    """Two clients without a screen; the realm that is shipped has no users at all."""
    described = json.loads(CHAIN_CLIENTS.read_text("utf-8"))
    with installation.keycloak() as keycloak:
        for each in described["clients"]:
            roles = described["roles"][each["clientId"]]
            keycloak.add_client(each, installation.environment[CHAIN_SECRET], roles)


def add_agency(installation: Installation) -> None:
    """The participants and mandates of an agency, as docs/beheer.md says it."""
    for service in ("reporting", "enforcement"):
        folder = f"{ROOT}/deploy/demo/seeds/{service}:/lijsten:ro"
        options = ("--rm", "-T", "-v", folder, "migrate", "seed", service, "--from", "/lijsten")
        installation.compose("run", *options)


def _with_logs(installation: Installation, error: RuntimeError) -> str:
    lines = installation.compose("logs", "--tail", "20")
    return f"{error}\n{lines}"
