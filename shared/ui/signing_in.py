"""Signing in and out, and going on with a form that came when the session had ended."""

from http import HTTPStatus
from typing import Final, Protocol

import structlog
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from shared.auth.issuer import BY_SUBJECT, EXAMPLE_USERS, issue
from shared.auth.pages import (
    DRAFT_COOKIE,
    GO_ON,
    SESSION_COOKIE,
    UNASKED,
    Sessions,
    SignInNeededError,
    visit_of,
    visitor,
)
from shared.auth.provider import SIGN_IN_COOKIE, Identity, Provider, SignIn, Tokens
from shared.auth.verify import ProviderAwayError
from shared.errors import Invalid, Refused, Unauthenticated, invalid
from shared.http.rate_limit import RateLimit, address_of
from shared.settings import Settings
from shared.ui.cookies import set_cookie
from shared.ui.forms import GO_ON_FIELD, Form, read_form, require_same_site
from shared.ui.links import local_path
from shared.ui.render import SHARED_TEMPLATES, Templates

log = structlog.get_logger("toegang")
templates = Templates(SHARED_TEMPLATES / "portal")
router = APIRouter(include_in_schema=False)
SIGN_IN_SECONDS: Final = 600
# The cookie outlives the session, so that a form which comes too late still has a sender.
LATE_SECONDS: Final = 86_400
ROLE_TEXTS: Final = {
    "klachtbehandelaar": "neemt meldingen aan, koppelt en beoordeelt ze",
    "toezichthouder": "voert controles uit en legt overtredingen vast",
    "jurist": "plaatst overtredingen en legt maatregelen op",
    "planner": "bepaalt welke locaties aan de beurt zijn",
    "teamleider": "keurt uren goed en beheert mandaten",
    "controller": "bewaakt begrotingen en stelt afrekeningen vast",
    "deelnemer": "ziet de eigen cijfers, zaken en afrekening",
    "functioneel-beheerder": "beheert modellen, mandaten, tarieven en andere afspraken",
    "technisch-beheerder": "bewaakt gebeurtenissen, abonnementen en herbouw",
}


class SignedInSessions(Sessions, Protocol):
    """The sessions, for who begins and ends them."""

    async def begin(
        self, tokens: Tokens, *, provider_session: str = "", after: str = ""
    ) -> str: ...
    async def end(self, cookie: str, *, draft: str = "") -> Tokens | None: ...
    async def end_at_provider(self, subject: str, provider_session: str) -> int: ...


def _sessions(request: Request) -> SignedInSessions:
    sessions: SignedInSessions = request.app.state.sessions
    return sessions


def _provider(request: Request) -> Provider | None:
    provider: Provider | None = request.app.state.provider
    return provider


async def _begin(
    request: Request, tokens: Tokens, back_to: str, provider_session: str = ""
) -> Response:
    """A session for these tokens; the one that the browser had is over."""
    settings: Settings = request.app.state.settings
    cookie = await _sessions(request).begin(
        tokens,
        provider_session=provider_session,
        after=request.cookies.get(SESSION_COOKIE, ""),
    )
    response = RedirectResponse(local_path(back_to), HTTPStatus.SEE_OTHER)
    seconds = settings.session_hours * 3600 + LATE_SECONDS
    set_cookie(request, response, SESSION_COOKIE, cookie, seconds=seconds)
    return response


@router.get("/inloggen")
async def sign_in(request: Request, terug: str = "/") -> Response:
    """Choose an example user, or be sent to the identity provider."""
    provider = _provider(request)
    if provider is None:
        await visitor(request)
        return _example_users(request, Form(fields={"terug": local_path(terug)}))
    attempt = SignIn.new(local_path(terug))
    response = RedirectResponse(await provider.authorization_url(attempt), HTTPStatus.SEE_OTHER)
    set_cookie(
        request,
        response,
        SIGN_IN_COOKIE,
        attempt.packed(),
        seconds=SIGN_IN_SECONDS,
        path="/inloggen",
    )
    return response


def _example_users(request: Request, form: Form, status: int = HTTPStatus.OK) -> Response:
    return templates.page(
        request,
        "inloggen.html",
        status_code=status,
        form=form,
        users=EXAMPLE_USERS,
        role_texts=ROLE_TEXTS,
    )


async def _count_sign_in(request: Request) -> None:
    """Raises TooMany when this address tries too often."""
    limit: RateLimit = request.app.state.sign_in_limit
    await limit.take(request.app.state.counts, address_of(request))


@router.post("/inloggen")
async def sign_in_as(request: Request) -> Response:
    """Sign in as an example user; only where there is no identity provider."""
    await _count_sign_in(request)
    form = await read_form(request)
    user = BY_SUBJECT.get(form.text("gebruiker"))
    settings: Settings = request.app.state.settings
    try:
        if user is None:
            raise invalid("gebruiker", "keuze", "Kies een van de gebruikers.")
        token = issue(settings, user, hours=settings.session_hours)
    except Invalid as refusal:
        return _example_users(request, form.refused(refusal), refusal.status)
    except PermissionError:
        return templates.error(
            request, 403, "Geen recht", "Hier meldt u zich aan bij de eigen aanbieder."
        )
    log.info("signed in", who=user.subject)
    return await _begin(request, Tokens(token), form.text("terug", "/"))


@router.get("/inloggen/terug")
async def sign_in_answer(
    request: Request, code: str = "", state: str = "", error: str = ""
) -> Response:
    """The identity provider sends the browser back here, with a code for tokens."""
    await _count_sign_in(request)
    provider = _provider(request)
    attempt = SignIn.unpacked(request.cookies.get(SIGN_IN_COOKIE, ""))
    if provider is None or attempt is None or not code or not attempt.answers(state):
        reason = "De aanmelding is afgebroken of verlopen. Meld u opnieuw aan."
        return templates.error(request, 400, "Aanmelden is niet gelukt", reason, error)
    try:
        tokens, identity = await provider.tokens(code, attempt)
        await _require_of(request, tokens, identity)
        response = await _begin(request, tokens, attempt.back_to, identity.session)
    except Refused as refusal:
        log.info("sign-in refused", why=refusal.code)
        status = refusal.status if isinstance(refusal, ProviderAwayError) else 400
        return templates.error(request, status, "Aanmelden is niet gelukt", refusal.detail)
    log.info("signed in", who=identity.subject)
    response.delete_cookie(SIGN_IN_COOKIE, path="/inloggen")
    return response


async def _require_of(request: Request, tokens: Tokens, identity: Identity) -> None:
    """Raises Unauthenticated when the tokens are of another than who signed in."""
    caller = await request.app.state.verifier.verify(tokens.access)
    if caller.subject != identity.subject:
        raise Unauthenticated("De aanbieder gaf tokens van iemand anders. Meld u opnieuw aan.")


@router.get("/inloggen/verlopen")
async def lapsed(request: Request, terug: str = "/", reden: str = "") -> Response:
    """The session is over: say so before they sign in again."""
    await visitor(request)
    return templates.page(
        request,
        "verlopen.html",
        back_to=local_path(terug),
        unasked=reden in UNASKED,
        kept=terug == GO_ON,
    )


@router.get(GO_ON)
async def go_on(request: Request) -> Response:
    """Back to the form that came too late; what was typed is shown there, and not carried out."""
    visit = await visit_of(request)
    if visit.caller is None:
        raise SignInNeededError(GO_ON, visit)
    draft = await _sessions(request).draft(request.cookies.get(DRAFT_COOKIE, ""))
    if draft is None or draft.subject != visit.caller.subject:
        draft = None
    return templates.page(
        request,
        "verder.html",
        status_code=HTTPStatus.OK if draft else HTTPStatus.GONE,
        draft=draft,
        go_on_field=GO_ON_FIELD,
    )


@router.post("/uitloggen")
async def sign_out(request: Request) -> Response:
    """End the session everywhere here, and at the provider: its page follows by itself."""
    require_same_site(request)
    visit = await visit_of(request)
    tokens = await _sessions(request).end(
        request.cookies.get(SESSION_COOKIE, ""), draft=request.cookies.get(DRAFT_COOKIE, "")
    )
    log.info("signed out", who=visit.subject or "niet ingelogd")
    request.state.caller = None
    response = templates.page(
        request, "uitgelogd.html", elsewhere=await _elsewhere(request, tokens)
    )
    response.delete_cookie(SESSION_COOKIE)
    response.delete_cookie(DRAFT_COOKIE)
    return response


async def _elsewhere(request: Request, tokens: Tokens | None) -> str:
    """Where to sign out at the provider; empty without one, or while it does not answer."""
    provider = _provider(request)
    try:
        return await provider.sign_out_url(tokens) if provider else ""
    except ProviderAwayError:
        return ""


@router.post("/uitloggen/aanbieder")
async def signed_out_elsewhere(request: Request) -> Response:
    """The provider ended a session: so do we (OpenID Connect Back-Channel Logout 1.0)."""
    provider = _provider(request)
    if provider is None:
        return Response(status_code=HTTPStatus.NOT_FOUND)
    async with request.form(max_fields=5, max_files=0) as form:
        token = form.get("logout_token")
    try:
        identity = await provider.ended(token if isinstance(token, str) else "")
    except Unauthenticated as refusal:
        request.state.refusal = refusal.code
        return Response(status_code=HTTPStatus.BAD_REQUEST)
    count = await _sessions(request).end_at_provider(identity.subject, identity.session)
    log.info("signed out at the provider", who=identity.subject or None, sessions=count)
    return Response(status_code=HTTPStatus.OK)
