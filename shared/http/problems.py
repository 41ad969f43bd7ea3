"""Every error as application/problem+json (RFC 9457), with the field's wire name, in Dutch."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from shared.errors import Conflict, Invalid, InvalidParam, Refused, TooMany
from shared.http.dutch import reason_of, title_of
from shared.http.outages import CODE, RETRY_AFTER, TITLE, outage_of
from shared.product.glossary import wire_path

log = structlog.get_logger(__name__)

# PostgreSQL keeps no NUL; a check of input says so first, where there is one.
NOT_A_SIGN = (
    "De invoer bevat een teken dat niet bewaard kan worden (NUL). Haal het weg en verstuur opnieuw."
)
# What PostgreSQL says of it in a text, and in a text inside JSON.
NO_SIGN = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
PROBLEM_JSON = "application/problem+json"
SCHEMA: dict[str, Any] = {
    "title": "Probleem",
    "type": "object",
    "description": "Een fout volgens RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Soort fout (URI)"},
        "title": {"type": "string", "description": "Korte naam van de fout"},
        "status": {"type": "integer", "description": "HTTP-status"},
        "detail": {"type": "string", "description": "Wat er aan de hand is en wat te doen"},
        "instance": {"type": "string", "description": "Kenmerk van dit voorval"},
        "code": {"type": "string", "description": "Vaste code van de fout"},
        "invalidParams": {
            "type": "array",
            "description": "De velden die niet goed zijn",
            "items": {
                "type": "object",
                "required": ["name", "code", "reason"],
                "properties": {
                    "name": {"type": "string"},
                    "code": {"type": "string"},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}


def problem(
    status: int,
    *,
    title: str,
    detail: str,
    code: str,
    params: Iterable[InvalidParam] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response of an error."""
    body: dict[str, Any] = {
        "type": f"https://vth.example.nl/fouten/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"urn:uuid:{uuid4()}",
        "code": code,
    }
    wrong = [{"name": p.name, "code": p.code, "reason": p.reason} for p in params]
    if wrong:
        body["invalidParams"] = wrong
    return Response(
        orjson.dumps(body), status, media_type=PROBLEM_JSON, headers=dict(headers or {})
    )


def of_refusal(refused: Refused) -> Response:
    """The response of a refusal; its fields get their wire names."""
    headers = {"WWW-Authenticate": "Bearer"} if refused.status == HTTPStatus.UNAUTHORIZED else None
    if isinstance(refused, TooMany):
        headers = refused.headers
    return problem(
        refused.status,
        title=refused.title,
        detail=refused.detail,
        code=refused.code,
        params=[on_the_wire(param) for param in refused.params],
        headers=headers,
    )


def on_the_wire(param: InvalidParam) -> InvalidParam:
    """The same with the wire name of its field."""
    return param if param.as_sent else replace(param, name=wire_path(param.name), as_sent=True)


def invalid_params(errors: Iterable[Mapping[str, Any]]) -> list[InvalidParam]:
    """Validation errors by wire name, in Dutch."""
    return [InvalidParam(_name(error["loc"]), *reason_of(error), as_sent=True) for error in errors]


def _name(location: tuple[Any, ...]) -> str:
    inside = [str(part) for part in location if part not in {"body", "query", "path", "header"}]
    return ".".join(inside) or "body"


def install(app: FastAPI) -> None:
    """Answer every error of the app as a problem."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(asyncpg.UniqueViolationError, _unique)
    for error in NO_SIGN:
        app.add_exception_handler(error, _no_sign)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    request.state.refusal = error.code
    return of_refusal(error)


async def _invalid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # FastAPI tells a wrong parameter again for each dependency that asks for it.
    params = list(dict.fromkeys(invalid_params(error.errors())))
    count = "1 veld is" if len(params) == 1 else f"{len(params)} velden zijn"
    return problem(
        400,
        title="Ongeldige invoer",
        detail=f"{count} ongeldig.",
        code="ongeldige-invoer",
        params=params,
    )


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    title, detail = title_of(error.status_code)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(sorted(_methods_at(request)))
    return problem(
        error.status_code,
        title=title,
        detail=detail,
        code=title.lower().replace(" ", "-"),
        headers=headers,
    )


def _methods_at(request: Request) -> set[str]:
    """Every method of the resource: a route knows only its own, the document knows them all."""
    path = request.scope["path"].removeprefix(request.scope.get("root_path", ""))
    methods = {
        method.upper()
        for template, operations in request.app.openapi()["paths"].items()
        if compile_path(template)[0].match(path)
        for method in operations
    }
    return methods | {"HEAD"} if "GET" in methods else methods


async def _unique(_: Request, error: Exception) -> Response:
    constraint = getattr(error, "constraint_name", "")
    log.info("unique violation", constraint=constraint)
    return of_refusal(Conflict("Dit gegeven bestaat al; er is niets opgeslagen."))


async def _no_sign(_: Request, __: Exception) -> Response:
    return of_refusal(Invalid(NOT_A_SIGN))


async def unexpected(request: Request, error: Exception) -> Response:
    """The answer to an error that nobody foresaw; the log has its trace."""
    if outage := outage_of(error):
        log.error("database unavailable", path=request.url.path, error=repr(error))
        headers = {"Retry-After": str(RETRY_AFTER)}
        return problem(503, title=TITLE, detail=outage, code=CODE, headers=headers)
    if isinstance(error, asyncpg.PostgresError):
        # The detail quotes the row, and a row may hold personal data.
        error.detail = None
    log.error("request failed", path=request.url.path, exc_info=error)
    return problem(
        500,
        title="Interne fout",
        detail="Er ging iets mis en er is niets opgeslagen. Probeer het later opnieuw, "
        "of geef het kenmerk (instance) door aan de beheerder.",
        code="interne-fout",
    )
