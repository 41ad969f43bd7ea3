"""The installation of docker-compose.yml as a project of its own, seen through its gateway."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from deploy.postgres_folder import free_port
from shared.settings import SERVICES
from tools.compose_env import values

ROOT = Path(__file__).resolve().parent.parent.parent
HEALTHY_SECONDS = 180
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
        raise RuntimeError(f"docker {' '.join(arguments)}: {done.stderr[-4000:]}")
    return done.stdout


def new_installation() -> Installation:
    """Settings of an installation beside whatever else runs on this machine."""
    port = free_port(0)
    mine = values() | {
        "VTH_TAG": "compose-test",
        "VTH_PORT": str(port),
        "VTH_PUBLIC_URL": f"http://localhost:{port}",
        "KEYCLOAK_ADMIN_PORT": str(free_port(0)),
        CHAIN_SECRET: secrets.token_urlsafe(24),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VTH_")}
    return Installation(f"vth-test-{secrets.token_hex(3)}", port, kept | mine)


@contextmanager
def running_installation() -> Iterator[Installation]:
    """Bring one up from nothing; afterwards nothing of it stays but the image."""
    installation = new_installation()
    try:
        try:
            installation.up()
            add_chain_clients(installation)
        except RuntimeError as error:
            raise RuntimeError(_with_logs(installation, error)) from error
        yield installation
    finally:
        installation.compose("down", "--volumes", "--timeout", "20")


def add_chain_clients(installation: Installation) -> None:
    """Two clients without a screen; the realm that is shipped has no users at all."""
    console = f"http://127.0.0.1:{installation.environment['KEYCLOAK_ADMIN_PORT']}/auth"
    described = json.loads(CHAIN_CLIENTS.read_text("utf-8"))
    with httpx2.Client(timeout=30) as client:
        client.headers["Authorization"] = f"Bearer {_administrator(client, console, installation)}"
        realm = f"{console}/admin/realms/vth"
        roles = {role["name"]: role for role in _ok(client.get(f"{realm}/roles")).json()}
        for each in described["clients"]:
            secret = {"secret": installation.environment[CHAIN_SECRET]}
            made = _ok(client.post(f"{realm}/clients", json={**each, **secret}))
            user = _ok(client.get(f"{made.headers['location']}/service-account-user")).json()["id"]
            given = [roles[name] for name in described["roles"][each["clientId"]]]
            _ok(client.post(f"{realm}/users/{user}/role-mappings/realm", json=given))


def _administrator(client: httpx2.Client, console: str, installation: Installation) -> str:
    form = {
        "grant_type": "password",
        "client_id": "admin-cli",
        "username": "admin",
        "password": installation.environment["KEYCLOAK_ADMIN_PASSWORD"],
    }
    at = f"{console}/realms/master/protocol/openid-connect/token"
    token: str = _ok(client.post(at, data=form)).json()["access_token"]
    return token


def _ok(answer: httpx2.Response) -> httpx2.Response:
    return answer.raise_for_status()


def _with_logs(installation: Installation, error: RuntimeError) -> str:
    lines = installation.compose("logs", "--tail", "20")
    return f"{error}\n{lines}"
