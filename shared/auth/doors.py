"""The doors of the API: `may(Scope.X)` lets a caller in, or says why not."""

from typing import Annotated, Any

from fastapi import Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.auth.caller import Caller
from shared.auth.scopes import Scope
from shared.auth.verify import Verifier
from shared.errors import Unauthenticated

bearer = HTTPBearer(
    auto_error=False,
    bearerFormat="JWT",
    scheme_name="Toegangstoken",
    description="Toegangstoken van de uitgever (OAuth 2.0 / OpenID Connect)",
)


async def known_caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)],
) -> Caller:
    """The caller of the token.

    Raises Unauthenticated when there is none, or it does not hold; Forbidden when the query asks
    for a participant that is not the caller's.
    """
    if credentials is None:
        raise Unauthenticated("Stuur een toegangstoken mee in de Authorization-header (Bearer).")
    verifier: Verifier = request.app.state.verifier
    caller = await verifier.verify(credentials.credentials)
    request.state.caller = caller
    if participant := request.query_params.get("deelnemer"):
        caller.require_participant(participant)
    return caller


def may(scope: Scope) -> Any:
    """A dependency that gives the caller when it holds the scope. Raises Forbidden."""

    async def door(caller: Annotated[Caller, Depends(known_caller)]) -> Caller:
        caller.require(scope)
        return caller

    return Depends(door)
