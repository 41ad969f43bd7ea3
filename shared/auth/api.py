"""The caller of an API request, from its bearer token."""

from typing import Final

from fastapi import Request

from shared.auth.caller import Caller
from shared.auth.verify import Verifier
from shared.errors import Unauthenticated

# As OpenAPI documents it: what an operation needs, and what that is.
BEARER: Final[list[dict[str, list[str]]]] = [{"Toegangstoken": []}]
BEARER_SCHEME: Final = {
    "Toegangstoken": {
        "type": "http",
        "description": "Toegangstoken van de uitgever (OAuth 2.0 / OpenID Connect)",
        "scheme": "bearer",
        "bearerFormat": "JWT",
    }
}


async def caller_of_request(request: Request) -> Caller:
    """The caller of the bearer token.

    Raises Unauthenticated when there is no token or it does not hold; Forbidden when the query asks
    for a participant that is not the caller's; TooMany when the caller asks too often.
    """
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("Stuur een toegangstoken mee in de Authorization-header (Bearer).")
    verifier: Verifier = request.app.state.verifier
    caller = await verifier.verify(token)
    request.state.caller = caller
    request.app.state.token_limit.take(caller.subject)
    asked = request.scope["query_string"] and request.query_params.get("deelnemer")
    if asked:
        caller.require_participant(asked)
    return caller
