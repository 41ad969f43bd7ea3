"""Sessions of PostgreSQL: each works in a role that sees everybody's rows, or those of some.

The login role of a service owns nothing and has no rights of its own; its two roles have them, and
row-level security limits the second (docs/adr, sight).
"""

from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg

from shared.auth.sight import Sight

# In one question, and outside a transaction: a rollback would take it back.
_SEE: Final = """
SELECT set_config('role', $1, false), set_config('vth.participants', $2::text[]::text, false)
"""
SERVICE_LOGIN: Final = "vth_"
# Who waits longer than this for a row gives up.
LOCK_SECONDS: Final = 10.0


class Session(asyncpg.Connection):  # type: ignore[misc]
    """A session that remembers what it may see, so that it is told only when that changes."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        # Not known yet, or not any more: it is told before it is used.
        self._sight: Sight | None = None
        self._lock_seconds: float | None = LOCK_SECONDS

    async def see(self, login: str | None, sight: Sight) -> None:
        """From now on see this; `login` is that of a service, or None where there are no roles."""
        if login is None or sight is self._sight or sight == self._sight:
            return
        self._sight = None
        role = f"{login}_all" if sight.everyone else f"{login}_some"
        await self.fetchrow(_SEE, role, sorted(sight.participants))
        self._sight = sight

    async def wait_for_locks(self, seconds: float) -> None:
        """From now on give up a row after so long."""
        if seconds != self._lock_seconds:
            self._lock_seconds = None
            await self.execute(f"SET lock_timeout = {round(seconds * 1000)}")
            self._lock_seconds = seconds


def login_of(url: str) -> str | None:
    """The login role of a service in a URL; None for another, such as a superuser's."""
    name = urlsplit(url).username or ""
    return name if name.startswith(SERVICE_LOGIN) else None
