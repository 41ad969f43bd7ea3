"""The rows of sessions and drafts; times are those of the database, the same for every host."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import asyncpg

from shared.auth.pages import EndedBy

_ADD: Final = """
INSERT INTO web_session (id, subject, provider_session, sealed, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5))
"""
_FIND: Final = """
SELECT subject, sealed, ended_by, seen_at < now() - make_interval(secs => $3) AS stale,
       expires_at <= now() OR seen_at <= now() - make_interval(mins => $2) AS over
FROM web_session WHERE id = $1
"""
_SEEN: Final = "UPDATE web_session SET seen_at = now() WHERE id = $1 AND ended_at IS NULL"
_END: Final = """
UPDATE web_session SET ended_at = now(), ended_by = $2, sealed = NULL, refreshing_until = NULL
WHERE id = $1 AND ended_at IS NULL
"""
_END_OF: Final = """
WITH ended AS (
    UPDATE web_session
    SET ended_at = now(), ended_by = $3, sealed = NULL, refreshing_until = NULL
    WHERE ended_at IS NULL
      AND CASE WHEN $2 <> '' THEN provider_session = $2 ELSE subject = $1 END
    RETURNING 1
)
SELECT count(*) FROM ended
"""
_LEASE: Final = """
UPDATE web_session SET refreshing_until = now() + make_interval(secs => $2)
WHERE id = $1 AND ended_at IS NULL AND (refreshing_until IS NULL OR refreshing_until < now())
RETURNING sealed
"""
_RENEW: Final = """
UPDATE web_session SET sealed = coalesce($2, sealed), refreshing_until = NULL
WHERE id = $1 AND ended_at IS NULL
"""
_KEEP: Final = """
INSERT INTO draft (session_id, id, sealed, expires_at)
SELECT id, $2, $3, now() + make_interval(mins => $4) FROM web_session WHERE id = $1
ON CONFLICT (session_id) DO UPDATE
SET id = excluded.id, sealed = excluded.sealed, expires_at = excluded.expires_at
"""
_DRAFT: Final = "SELECT sealed FROM draft WHERE id = $1 AND expires_at > now()"
_FORGET_DRAFTS: Final = "DELETE FROM draft WHERE session_id = $1 OR id = $2"
_CLEAN: Final = """
WITH old_drafts AS (DELETE FROM draft WHERE expires_at < now())
DELETE FROM web_session WHERE expires_at < now() - interval '1 day'
"""
_OPEN: Final = """
SELECT subject, started_at, seen_at FROM web_session
WHERE ended_at IS NULL AND expires_at > now() AND seen_at > now() - make_interval(mins => $1)
ORDER BY seen_at DESC
"""


@dataclass(frozen=True, slots=True)
class Found:
    """A session as it is kept."""

    subject: str
    sealed: bytes | None
    ended_by: EndedBy | None
    # Long enough ago that its moment is written again.
    stale: bool


@dataclass(frozen=True, slots=True)
class Open:
    """A session that goes on, for who manages them."""

    subject: str
    started_at: datetime
    seen_at: datetime


class SessionStore:
    """Sessions in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool, *, idle_minutes: int, lifetime_minutes: int) -> None:
        self._pool = pool
        self._idle = idle_minutes
        self._lifetime = lifetime_minutes

    async def add(
        self, identity: bytes, subject: str, provider_session: str, sealed: bytes
    ) -> None:
        """A new session; what is long over is cleaned up meanwhile."""
        await self._pool.execute(_CLEAN)
        await self._pool.execute(_ADD, identity, subject, provider_session, sealed, self._lifetime)

    async def find(self, identity: bytes, *, stale_seconds: float) -> Found | None:
        """The session, whether it goes on or has ended."""
        row = await self._pool.fetchrow(_FIND, identity, self._idle, stale_seconds)
        if row is None:
            return None
        ended_by = EndedBy(row["ended_by"]) if row["ended_by"] else None
        if row["over"]:
            ended_by = ended_by or EndedBy.TIME
        return Found(row["subject"], row["sealed"], ended_by, row["stale"])

    async def seen(self, identity: bytes) -> None:
        """Somebody worked in it just now."""
        await self._pool.execute(_SEEN, identity)

    async def end(self, identity: bytes, by: EndedBy) -> None:
        """End it, and destroy its tokens; what has ended stays as it is."""
        await self._pool.execute(_END, identity, by)

    async def end_of(self, subject: str, provider_session: str, by: EndedBy) -> int:
        """End the one that the provider calls so, else all of somebody; gives how many."""
        return int(await self._pool.fetchval(_END_OF, subject, provider_session, by))

    async def lease(self, identity: bytes, seconds: float) -> bytes | None:
        """Be the one that refreshes its tokens, and get them; None when another is, or it ended."""
        sealed: bytes | None = await self._pool.fetchval(_LEASE, identity, seconds)
        return sealed

    async def renew(self, identity: bytes, sealed: bytes | None) -> None:
        """Put new tokens in (None: keep the old), and let the next one refresh."""
        await self._pool.execute(_RENEW, identity, sealed)

    async def keep_draft(
        self, session: bytes, identity: bytes, sealed: bytes, minutes: int
    ) -> None:
        """Keep what was typed in the session, in place of what it kept before."""
        await self._pool.execute(_KEEP, session, identity, sealed, minutes)

    async def draft(self, identity: bytes) -> bytes | None:
        """What was typed, while it is kept."""
        sealed: bytes | None = await self._pool.fetchval(_DRAFT, identity)
        return sealed

    async def forget_drafts(self, session: bytes, identity: bytes) -> None:
        """Delete what was typed in the session, and this draft."""
        await self._pool.execute(_FORGET_DRAFTS, session, identity)

    async def open(self) -> Sequence[Open]:
        """The sessions that go on, the latest seen first."""
        return [Open(**row) for row in await self._pool.fetch(_OPEN, self._idle)]
