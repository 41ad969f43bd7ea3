"""Sessions for tests of pages whose subject is another than signing in."""

import httpx2
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.auth.pages import SESSION_COOKIE, Draft, Visit
from shared.auth.provider import Tokens
from shared.auth.verify import Verifier, verifier_for
from shared.errors import Unauthenticated
from shared.settings import Settings
from shared.ui.signing_in import SignedInSessions


class TokenSessions(SignedInSessions):
    """The cookie is the token itself. Signing in is tested with the sessions of PostgreSQL."""

    def __init__(self, settings: Settings) -> None:
        self._verifier: Verifier = verifier_for(settings)
        self._ended: set[str] = set()

    async def begin(self, tokens: Tokens, *, provider_session: str = "", after: str = "") -> str:
        return tokens.access

    async def end(self, cookie: str, *, draft: str = "") -> Tokens | None:
        self._ended.add(cookie)
        return None

    async def end_at_provider(self, subject: str, provider_session: str) -> int:
        raise AssertionError("these know no provider")

    async def visit(self, cookie: str) -> Visit:
        if cookie in self._ended:
            return Visit()
        try:
            caller = await self._verifier.verify(cookie)
        except Unauthenticated:
            return Visit()
        return Visit(caller, caller.subject)

    async def keep_draft(self, cookie: str, draft: Draft) -> str:
        raise AssertionError("no session of these ends")

    async def draft(self, cookie: str) -> Draft | None:
        return None


def use_tokens(app: Starlette, settings: Settings) -> None:
    """Take tokens for sessions in an application that has started, and in what is mounted there."""
    app.state.sessions = TokenSessions(settings)
    for route in app.routes:
        if isinstance(route, Mount) and isinstance(route.app, Starlette):
            route.app.state.sessions = app.state.sessions


def signed_in(url: str, user: str) -> str:
    """The cookie of an example user who signs in at a running platform."""
    answer = httpx2.post(f"{url}/inloggen", data={"gebruiker": user}, timeout=30)
    assert answer.status_code == 303, answer.text
    return answer.cookies[SESSION_COOKIE]
