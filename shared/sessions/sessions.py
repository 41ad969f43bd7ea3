"""The sessions of the screens: begun by signing in, ended by signing out, refreshed meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Final

import structlog

from shared.auth.caller import Caller
from shared.auth.pages import Draft, EndedBy, Visit
from shared.auth.provider import Provider, Tokens
from shared.auth.verify import ProviderAwayError, Verifier, verifier_for
from shared.db.database import open_pool
from shared.errors import Unauthenticated
from shared.sessions.sealing import Secret
from shared.sessions.store import Found, SessionStore
from shared.settings import Settings

log = structlog.get_logger("toegang")

SESSIONS: Final = "sessions"
# Signing in asks for little: a few connections serve a whole process.
POOL_SIZE: Final = 4
# The moment of the last page is written at most once in so long.
SEEN_EVERY: Final = 60.0
# An access token is refreshed so long before its end: pages go on with it if that fails.
REFRESH_BEFORE: Final = 60.0
# Who refreshes has so long; longer than the provider is waited for.
LEASE: Final = 15.0
LOOK_EVERY: Final = 0.1
DRAFT_MINUTES: Final = 60


class PostgresSessions:
    """Sessions that every process shares; see docs/adr, sessions."""

    def __init__(
        self, store: SessionStore, verifier: Verifier, provider: Provider | None = None
    ) -> None:
        self._store = store
        self._verifier = verifier
        self._provider = provider

    async def begin(self, tokens: Tokens, *, provider_session: str = "", after: str = "") -> str:
        """A new session for tokens that hold; ends the one of the cookie `after`. Gives its cookie.

        Raises Unauthenticated, ProviderAwayError.
        """
        caller = await self._verifier.verify(tokens.access)
        secret = Secret.new()
        await self._store.add(
            secret.id, caller.subject, provider_session, secret.seal(asdict(tokens))
        )
        if after:
            await self._store.end(Secret(after).id, EndedBy.NEXT_SIGN_IN)
        return secret.cookie

    async def visit(self, cookie: str) -> Visit:
        """Whose session the cookie is. Raises ProviderAwayError."""
        secret = Secret(cookie)
        found = await self._find(secret)
        if found is None:
            return Visit()
        if found.ended_by is not None:
            return Visit(subject=found.subject, ended_by=found.ended_by)
        tokens = _opened(secret, found.sealed)
        caller = await self._caller(secret, found.subject, tokens) if tokens else None
        if caller is None:
            log.info("session ended", who=found.subject, why="the provider refused its tokens")
            await self._store.end(secret.id, EndedBy.PROVIDER)
            return Visit(subject=found.subject, ended_by=EndedBy.PROVIDER)
        if found.stale:
            await self._store.seen(secret.id)
        return Visit(caller, caller.subject)

    async def end(self, cookie: str, *, draft: str = "") -> Tokens | None:
        """Sign out: the session is over everywhere, nothing typed stays. Gives its last tokens."""
        secret = Secret(cookie)
        found = await self._find(secret)
        await self._store.end(secret.id, EndedBy.SIGN_OUT)
        await self._store.forget_drafts(secret.id, Secret(draft).id)
        return _opened(secret, found.sealed) if found else None

    async def end_at_provider(self, subject: str, provider_session: str) -> int:
        """End the session that the provider calls so, or all of somebody; gives how many."""
        return await self._store.end_of(subject, provider_session, EndedBy.PROVIDER)

    async def keep_draft(self, cookie: str, draft: Draft) -> str:
        """Keep what was typed in an ended session; gives a cookie that opens it."""
        secret = Secret.new()
        sealed = secret.seal(asdict(draft))
        await self._store.keep_draft(Secret(cookie).id, secret.id, sealed, DRAFT_MINUTES)
        return secret.cookie

    async def draft(self, cookie: str) -> Draft | None:
        """What was typed, while it is kept."""
        secret = Secret(cookie)
        sealed = await self._store.draft(secret.id) if secret.plausible else None
        kept = secret.open(sealed) if sealed is not None else None
        return Draft(**kept) if kept is not None else None

    async def _find(self, secret: Secret) -> Found | None:
        if not secret.plausible:
            return None
        return await self._store.find(secret.id, stale_seconds=SEEN_EVERY)

    async def _caller(self, secret: Secret, subject: str, tokens: Tokens) -> Caller | None:
        """Who the tokens are of; None when they do not hold any longer."""
        try:
            if tokens.refresh and _near_its_end(tokens):
                tokens = await self._refreshed(secret, tokens)
            caller = await self._verifier.verify(tokens.access)
        except Unauthenticated:
            return None
        return caller if caller.subject == subject else None

    async def _refreshed(self, secret: Secret, tokens: Tokens) -> Tokens:
        """Tokens with time left. One of all tabs, processes and hosts asks the provider for them.

        Raises Unauthenticated when it refuses, ProviderAwayError when it does not answer and these
        have ended.
        """
        until = time.monotonic() + LEASE
        while (held := await self._store.lease(secret.id, LEASE)) is None:
            if tokens.until > time.time():
                return tokens
            await asyncio.sleep(LOOK_EVERY)
            found = await self._find(secret)
            newer = _opened(secret, found.sealed) if found else None
            if newer is None:
                raise Unauthenticated("De sessie is intussen beëindigd.")
            if not _near_its_end(newer):
                return newer
            if time.monotonic() > until:
                raise ProviderAwayError(TimeoutError("another refresh does not end"))
        # Whoever waits for it may go away; the provider may have given new tokens by then.
        return await asyncio.shield(self._refresh(secret, _opened(secret, held) or tokens))

    async def _refresh(self, secret: Secret, tokens: Tokens) -> Tokens:
        renewed: bytes | None = None
        try:
            if not _near_its_end(tokens):
                return tokens
            assert self._provider is not None, "only a provider gives refresh tokens"
            tokens = await self._provider.refreshed(tokens)
            renewed = secret.seal(asdict(tokens))
        except ProviderAwayError:
            if tokens.until <= time.time():
                raise
        finally:
            await self._store.renew(secret.id, renewed)
        return tokens


def _near_its_end(tokens: Tokens) -> bool:
    return tokens.until - time.time() < REFRESH_BEFORE


def _opened(secret: Secret, sealed: bytes | None) -> Tokens | None:
    kept = secret.open(sealed) if sealed is not None else None
    return Tokens(**kept) if kept is not None else None


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[SessionStore]:
    """Where the sessions of an installation are kept; connections are made when needed."""
    url = settings.database_for(SESSIONS)
    pool = await open_pool(url, application="vth-sessions", size=POOL_SIZE)
    try:
        yield SessionStore(
            pool,
            idle_minutes=settings.session_idle_minutes,
            lifetime_minutes=settings.session_hours * 60,
        )
    finally:
        await pool.close()


@asynccontextmanager
async def open_sessions(
    settings: Settings, provider: Provider | None = None
) -> AsyncIterator[PostgresSessions]:
    """The sessions of an installation."""
    async with open_store(settings) as store:
        yield PostgresSessions(store, verifier_for(settings), provider)
