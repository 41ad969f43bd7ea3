"""The caller of a page, by the session that its cookie names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from urllib.parse import quote

from fastapi import Request

from shared.auth.caller import Caller

SESSION_COOKIE: Final = "vth_sessie"
DRAFT_COOKIE: Final = "vth_concept"
# Where somebody who signed in again goes on with what was typed.
GO_ON: Final = "/inloggen/verder"


class EndedBy(StrEnum):
    """Why a session ended."""

    TIME = "tijd"
    SIGN_OUT = "uitgelogd"
    NEXT_SIGN_IN = "opnieuw-aangemeld"
    PROVIDER = "aanbieder"
    OPERATOR = "beheer"


# What the user did not do, and is told.
UNASKED: Final = frozenset({EndedBy.PROVIDER, EndedBy.OPERATOR})


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is there; or whose session has ended, and why."""

    caller: Caller | None = None
    subject: str = ""
    ended_by: EndedBy | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that came when the session of its sender had ended."""

    subject: str
    # The address that it was sent to.
    action: str
    fields: Mapping[str, Sequence[str]]
    had_files: bool = False


class Sessions(Protocol):
    """Where the sessions of the screens are kept."""

    async def visit(self, cookie: str) -> Visit:
        """Whose session the cookie is. Raises ProviderAwayError."""

    async def keep_draft(self, cookie: str, draft: Draft) -> str:
        """Keep what was typed in an ended session; gives a cookie that opens it."""

    async def draft(self, cookie: str) -> Draft | None:
        """What was typed, while it is kept."""


class SignInNeededError(Exception):
    """Nobody is signed in: the page handler redirects to where one does.

    After a post, or when somebody else ended the session, a page says so first: the browser follows
    no form to the host of a provider (Content-Security-Policy, form-action). `draft` is the cookie
    of what was typed, when there is any.
    """

    def __init__(
        self, back_to: str, visit: Visit | None = None, *, posted: bool = False, draft: str = ""
    ) -> None:
        super().__init__(back_to)
        self.draft = draft
        self.location = f"/inloggen?terug={quote(back_to, safe='')}"
        by = visit.ended_by if visit is not None else None
        if posted or by in UNASKED:
            reason = f"&reden={by}" if by in UNASKED else ""
            self.location = f"/inloggen/verlopen?terug={quote(back_to, safe='')}{reason}"


async def visit_of(request: Request) -> Visit:
    """Who asks for the page. Raises ProviderAwayError."""
    cookie = request.cookies.get(SESSION_COOKIE)
    if not cookie:
        return Visit()
    sessions: Sessions = request.app.state.sessions
    visit = await sessions.visit(cookie)
    if visit.caller is not None:
        request.state.caller = visit.caller
    return visit


async def visitor(request: Request) -> Caller | None:
    """The signed-in caller, or None; for pages that are public."""
    return (await visit_of(request)).caller
