"""Which revisions the code knows, and whether a database is at the newest of them.

An older version must not touch newer data, and says so in a sentence.
"""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

import asyncpg

from deploy.operator_errors import OperatorError
from shared.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
EVENTS: Final = "events"
SESSIONS: Final = "sessions"
KERNEL: Final = {EVENTS: "messaging", SESSIONS: "sessions"}
PATIENCE: Final = 5.0


class NewerDataError(OperatorError):
    """A newer version of the platform made these data."""

    def __init__(self, name: str, at: str) -> None:
        super().__init__(
            f"De gegevens van {name} zijn van een nieuwere versie van het platform (revisie {at}; "
            f"deze versie kent ze tot {head_of(name)}). Start die nieuwere versie, of zet de "
            "reservekopie terug die vóór het bijwerken is gemaakt."
        )


class OlderDataError(OperatorError):
    """The revisions of this version have not run."""

    def __init__(self, name: str, at: str | None) -> None:
        super().__init__(
            f"De tabellen van {name} staan op revisie {at or 'geen'}, deze versie vraagt "
            f"{head_of(name)}. Voer `vth migrate` uit."
        )


def migrations_of(name: str) -> Path:
    """The folder with the migrations of a service, of the event log or of the sessions."""
    home = ROOT / "shared" / KERNEL[name] if name in KERNEL else ROOT / "services" / name
    return home / "migrations"


def known(name: str) -> list[str]:
    """The revisions of a database in this code, oldest first: their files start with the number."""
    versions = migrations_of(name) / "versions"
    return sorted(path.stem.partition("_")[0] for path in versions.glob("[0-9]*.py"))


def head_of(name: str) -> str:
    """The newest revision of a database that this code knows."""
    return known(name)[-1]


async def refuse_newer(name: str, url: str) -> None:
    """Raises NewerDataError when the database has a revision that this code does not know."""
    _refuse_newer(name, await _revision(url))


async def require_same(settings: Settings, names: Iterable[str]) -> None:
    """Before a process works on these databases. Raises NewerDataError, OlderDataError."""
    for name in names:
        with suppress(OSError):  # a server that is out of reach is for the process to wait for
            await _require_same(name, settings.database_for(name))


async def _require_same(name: str, url: str) -> None:
    at = await _revision(url)
    _refuse_newer(name, at)
    if at != head_of(name):
        raise OlderDataError(name, at)


def _refuse_newer(name: str, at: str | None) -> None:
    if at is not None and at not in known(name):
        raise NewerDataError(name, at)


async def _revision(url: str) -> str | None:
    """Where the database is; None before its first revision."""
    connection = await asyncpg.connect(url, timeout=PATIENCE)
    try:
        at: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except (asyncpg.UndefinedTableError, asyncpg.InsufficientPrivilegeError):
        # The second: a revision still has to give the service its rights.
        return None
    finally:
        await connection.close()
    return at
