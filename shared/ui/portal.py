"""The portal at the root: start page, signing in and out, search, static files."""

from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import APIRouter, FastAPI, Request
from limits.aio.storage import MemoryStorage
from starlette.responses import RedirectResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope as AsgiScope

from shared.auth.issuer import BY_SUBJECT, EXAMPLE_USERS, HOURS_VALID, issue
from shared.auth.pages import SESSION_COOKIE, SignInNeededError, visitor
from shared.auth.verify import verifier_for
from shared.errors import Invalid, Refused, invalid
from shared.http.rate_limit import RateLimit, address_of
from shared.product.navigation import PLACES, places_for
from shared.settings import Settings
from shared.ui import errors as error_pages
from shared.ui import events, rights
from shared.ui.forms import Form, read_form, require_same_site
from shared.ui.guards import add_page_middleware
from shared.ui.links import local_path
from shared.ui.oidc import SIGN_IN_COOKIE, Provider, SignIn
from shared.ui.render import SHARED_TEMPLATES, STATIC, Templates

log = structlog.get_logger("toegang")
templates = Templates(SHARED_TEMPLATES / "portal")
router = APIRouter(include_in_schema=False)
ROLE_TEXTS = {
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


class KeptFiles(StaticFiles):
    """Static files; one that is asked for by its hash may be kept for ever."""

    async def get_response(self, path: str, scope: AsgiScope) -> Response:
        response = await super().get_response(path, scope)
        hashed = scope["query_string"].startswith(b"v=")
        kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


def build_portal(settings: Settings) -> FastAPI:
    """The application of the portal: mount it at the root, after the services."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    app.state.settings = settings
    app.state.verifier = verifier_for(settings)
    app.state.sign_in_limit = RateLimit.of(
        settings,
        "aanmelden",
        settings.sign_ins_per_hour,
        "Vanaf uw internetadres werd het laatste uur al vaak aangemeld.",
    )
    # Replaced by that of a service: the portal has no database of its own.
    app.state.counts = MemoryStorage()
    app.state.provider = Provider(settings) if settings.oidc_issuer else None
    app.add_exception_handler(SignInNeededError, _sign_in)
    error_pages.install(app)
    app.include_router(router)
    app.include_router(events.router)
    app.include_router(rights.router)
    app.mount("/static", KeptFiles(directory=Path(STATIC)))
    add_page_middleware(app, settings, service="portaal")
    return app


async def _sign_in(_: Request, error: Exception) -> Response:
    assert isinstance(error, SignInNeededError)
    return RedirectResponse(error.location, HTTPStatus.SEE_OTHER)


def _secure(request: Request) -> bool:
    settings: Settings = request.app.state.settings
    return settings.public_url.startswith("https://")


def _with_session(request: Request, back_to: str, token: str, seconds: int) -> Response:
    response = RedirectResponse(local_path(back_to), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=_secure(request),
    )
    return response


@router.get("/")
async def start(request: Request) -> Response:
    """What the platform is, and the ways in."""
    await visitor(request)
    return templates.page(request, "start.html", all_places=PLACES)


@router.get("/inloggen")
async def sign_in(request: Request, terug: str = "/") -> Response:
    """Choose an example user, or be sent to the identity provider."""
    provider: Provider | None = request.app.state.provider
    if provider is None:
        await visitor(request)
        return _example_users(request, Form(fields={"terug": local_path(terug)}))
    attempt = SignIn.new(local_path(terug))
    response = RedirectResponse(await provider.authorization_url(attempt), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        SIGN_IN_COOKIE,
        attempt.packed(),
        max_age=600,
        path="/inloggen",
        httponly=True,
        samesite="lax",
        secure=_secure(request),
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
    try:
        if user is None:
            raise invalid("gebruiker", "keuze", "Kies een van de gebruikers.")
        token = issue(request.app.state.settings, user)
    except Invalid as refusal:
        return _example_users(request, form.refused(refusal), refusal.status)
    except PermissionError:
        return templates.error(
            request, 403, "Geen recht", "Hier meldt u zich aan bij de eigen aanbieder."
        )
    log.info("signed in", who=user.subject)
    return _with_session(request, form.text("terug", "/"), token, HOURS_VALID * 3600)


@router.get("/inloggen/terug")
async def sign_in_answer(
    request: Request, code: str = "", state: str = "", error: str = ""
) -> Response:
    """The identity provider sends the browser back here, with a code for a token."""
    await _count_sign_in(request)
    provider: Provider | None = request.app.state.provider
    attempt = SignIn.unpacked(request.cookies.get(SIGN_IN_COOKIE, ""))
    if provider is None or attempt is None or not code or not attempt.answers(state):
        reason = "De aanmelding is afgebroken of verlopen. Meld u opnieuw aan."
        return templates.error(request, 400, "Aanmelden is niet gelukt", reason, error)
    try:
        token, seconds = await provider.token(code, attempt)
        caller = await request.app.state.verifier.verify(token)
    except Refused as refusal:
        log.info("sign-in refused", why=refusal.code)
        return templates.error(request, 400, "Aanmelden is niet gelukt", refusal.detail)
    log.info("signed in", who=caller.subject)
    response = _with_session(request, attempt.back_to, token, seconds)
    response.delete_cookie(SIGN_IN_COOKIE, path="/inloggen")
    return response


@router.post("/uitloggen")
async def sign_out(request: Request) -> Response:
    """End the session here, and offer to end it at the provider as well."""
    require_same_site(request)
    caller = await visitor(request)
    log.info("signed out", who=caller.subject if caller else "niet ingelogd")
    provider: Provider | None = request.app.state.provider
    elsewhere = await provider.sign_out_url() if provider else ""
    response = templates.page(request, "uitgelogd.html", elsewhere=elsewhere)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get("/zoeken")
async def search(request: Request, q: str = "") -> Response:
    """What each place finds; each service answers for itself."""
    caller = await visitor(request)
    words = q.strip()[:200]
    if caller is None:
        raise SignInNeededError(f"/zoeken?q={quote(words)}")
    return templates.page(
        request, "zoeken.html", words=words, found_in=_searchable(words, caller.scopes)
    )


def _searchable(words: str, scopes: Any) -> list[dict[str, str]]:
    asked = quote(words)
    return [
        {
            "name": place.name,
            "fragment": f"{place.root}fragmenten/zoeken?q={asked}&plaats={quote(place.name)}",
            "list": place.url if place.name == "Uren" else f"{place.url}?zoek={asked}",
        }
        for place in places_for(scopes)
        if place.name not in {"Rapportages", "Gebeurtenissen"}
    ]


@router.get("/toegankelijkheid")
async def accessibility(request: Request) -> Response:
    """How accessible the screens are, and where to tell what is not."""
    await visitor(request)
    return templates.page(request, "toegankelijkheid.html")
