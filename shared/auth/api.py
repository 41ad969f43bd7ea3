"""The doors of the API: `may(Scope.X)` lets a caller in, or says why not."""

from typing import Any

from fastapi import Depends, Request
from fastapi.openapi.models import HTTPBearer
from fastapi.security.base import SecurityBase

from shared.auth.caller import Caller
from shared.auth.verify import Verifier
from shared.errors import Unauthenticated
from shared.product.roles import Scope


class Door(SecurityBase):
    """The caller of the token, when it holds the scope: one step for FastAPI, on every request.

    Raises Unauthenticated when there is no token or it does not hold; Forbidden without the scope,
    or when the query asks for a participant that is not the caller's.
    """

    model = HTTPBearer(
        bearerFormat="JWT",
        description="Toegangstoken van de uitgever (OAuth 2.0 / OpenID Connect)",
    )
    scheme_name = "Toegangstoken"

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    async def __call__(self, request: Request) -> Caller:
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise Unauthenticated(
                "Stuur een toegangstoken mee in de Authorization-header (Bearer)."
            )
        verifier: Verifier = request.app.state.verifier
        caller = await verifier.verify(token)
        request.state.caller = caller
        asked = request.scope["query_string"] and request.query_params.get("deelnemer")
        if asked:
            caller.require_participant(asked)
        caller.require(self._scope)
        return caller


def may(scope: Scope) -> Any:
    """A dependency that gives the caller when it holds the scope. Raises Forbidden."""
    return Depends(Door(scope))
