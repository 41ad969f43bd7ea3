"""Errors on screens: a page that says what happened and what to do, with the right status."""

from pathlib import Path

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from shared.auth.pages import DRAFT_COOKIE, SignInNeededError
from shared.errors import Invalid, Refused, TooMany
from shared.http.dutch import title_of
from shared.http.outages import RETRY_AFTER, TITLE, outage_of
from shared.http.problems import NO_SIGN, NOT_A_SIGN, invalid_params, on_the_wire
from shared.telemetry import current_traceparent
from shared.ui.cookies import set_cookie
from shared.ui.render import Templates, is_fragment

log = structlog.get_logger(__name__)

# The cookie of what was typed; how long the draft itself is kept is for the sessions to say.
DRAFT_SECONDS = 3600

templates = Templates(Path(__file__).parent / "templates")


def install(app: FastAPI) -> None:
    """Show every error of the app's screens as a page."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(SignInNeededError, _sign_in)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for error in NO_SIGN:
        app.add_exception_handler(error, _no_sign)


async def _sign_in(request: Request, error: Exception) -> Response:
    """On to the sign-in page; a fragment of a page says that its session has ended."""
    assert isinstance(error, SignInNeededError)
    if is_fragment(request):
        reason = "Uw sessie is verlopen. Ververs de pagina om opnieuw in te loggen."
        return templates.error(request, 401, "Niet aangemeld", reason)
    response = RedirectResponse(error.location, status_code=303)
    if error.draft:
        set_cookie(request, response, DRAFT_COOKIE, error.draft, seconds=DRAFT_SECONDS)
    return response


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refused(request, error)


def refused(request: Request, refusal: Refused) -> Response:
    """The page of a refusal that no form shows."""
    request.state.refusal = refusal.code
    params = [on_the_wire(param) for param in refusal.params]
    reasons = " ".join(f"{param.name}: {param.reason}" for param in params)
    page = templates.error(request, refusal.status, refusal.title, reasons or refusal.detail)
    if isinstance(refusal, TooMany):
        page.headers.update(refusal.headers)
    return page


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    reasons = " ".join(f"{p.name}: {p.reason}" for p in invalid_params(error.errors()))
    return templates.error(request, 400, "Ongeldige invoer", reasons)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return templates.error(request, error.status_code, *title_of(error.status_code))


async def _no_sign(request: Request, _: Exception) -> Response:
    return refused(request, Invalid(NOT_A_SIGN))


async def unexpected(request: Request, error: Exception) -> Response:
    """The page of an error that nobody foresaw; the log has its trace."""
    if outage := outage_of(error):
        log.error("database unavailable", path=request.url.path, error=repr(error))
        page = templates.error(request, 503, TITLE, outage)
        page.headers["Retry-After"] = str(RETRY_AFTER)
        return page
    if isinstance(error, asyncpg.PostgresError):
        error.detail = None
    log.error("page failed", path=request.url.path, exc_info=error)
    return templates.error(
        request,
        500,
        "Er ging iets mis",
        "Er is niets opgeslagen. Probeer het later opnieuw, of geef het kenmerk door.",
        _trace_id(),
    )


def _trace_id() -> str:
    traceparent = current_traceparent()
    return traceparent.split("-")[1] if traceparent else ""
