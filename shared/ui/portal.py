"""The portal at the root: start page, search, static files; signing in and out stands beside it."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from limits.aio.storage import MemoryStorage
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope as AsgiScope

from shared.auth.pages import SignInNeededError, visitor
from shared.auth.provider import Provider
from shared.auth.verify import verifier_for
from shared.http.rate_limit import RateLimit
from shared.product.navigation import PLACES, places_for
from shared.settings import Settings
from shared.ui import errors as error_pages
from shared.ui import events, rights, signing_in
from shared.ui.guards import add_page_middleware
from shared.ui.render import SHARED_TEMPLATES, STATIC, Templates

templates = Templates(SHARED_TEMPLATES / "portal")
router = APIRouter(include_in_schema=False)


class KeptFiles(StaticFiles):
    """Static files; one that is asked for by its hash may be kept for ever."""

    async def get_response(self, path: str, scope: AsgiScope) -> Response:
        response = await super().get_response(path, scope)
        hashed = scope["query_string"].startswith(b"v=")
        kept = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["Cache-Control"] = kept
        return response


def build_portal(settings: Settings) -> FastAPI:
    """The application of the portal: mount it at the root, after the services.

    Like the services it needs `app.state.sessions` (deploy/web.py).
    """
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
    error_pages.install(app)
    app.include_router(router)
    app.include_router(signing_in.router)
    app.include_router(events.router)
    app.include_router(rights.router)
    app.mount("/static", KeptFiles(directory=Path(STATIC)))
    add_page_middleware(app, settings, service="portaal")
    return app


@router.get("/")
async def start(request: Request) -> Response:
    """What the platform is, and the ways in."""
    await visitor(request)
    return templates.page(request, "start.html", all_places=PLACES)


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
