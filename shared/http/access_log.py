"""Who asked for what, and what was refused and why: for security, without personal data.

A caller is named by the subject of the token, which is a pseudonym at the provider; no address of
the network, no query and no content is kept.
"""

from http import HTTPStatus
from typing import Final

import structlog
from starlette.types import Scope

from shared.auth.caller import Caller

log = structlog.get_logger("toegang")

REFUSED_ACCESS: Final = frozenset(
    {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS}
)


def note(scope: Scope, service: str, method: str, route: str, status: int, seconds: float) -> None:
    """One line: refused access by its reason, or a request that was answered."""
    state = scope.get("state", {})
    caller = state.get("caller")
    log.info(
        "access refused" if status in REFUSED_ACCESS else "access",
        service=service,
        method=method,
        route=route,
        status=status,
        milliseconds=round(seconds * 1000),
        who=caller.subject if isinstance(caller, Caller) else "niet ingelogd",
        why=state.get("refusal"),
    )
