"""The caller of a page: the session cookie holds the same token that the API takes."""

from urllib.parse import quote

from fastapi import Request

from shared.auth.caller import Caller
from shared.auth.verify import Verifier
from shared.errors import Unauthenticated

SESSION_COOKIE = "vth_sessie"


class SignInNeededError(Exception):
    """Nobody is signed in: the page handler redirects to the sign-in page."""

    def __init__(self, back_to: str) -> None:
        super().__init__(back_to)
        self.location = f"/inloggen?terug={quote(back_to, safe='')}"


async def visitor(request: Request) -> Caller | None:
    """The signed-in caller, or None; for pages that are public."""
    token = request.cookies.get(SESSION_COOKIE)
    if not token:
        return None
    verifier: Verifier = request.app.state.verifier
    try:
        caller = await verifier.verify(token)
    except Unauthenticated:
        return None
    request.state.caller = caller
    return caller
