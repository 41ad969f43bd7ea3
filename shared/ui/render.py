"""One Jinja2 environment for all pages: strict, escaped, the parts of `templates/parts` as `ui`.

templates = Templates(Path(__file__).parent / "templates")
return templates.page(request, "klacht.html", complaint=complaint)
"""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from starlette.requests import Request
from starlette.responses import HTMLResponse

from shared.addresses import on_one_line
from shared.participants import names_for
from shared.product.navigation import opens, place_of, places_for
from shared.settings import Settings
from shared.ui import charts, formats
from shared.ui.clock import clock_view
from shared.ui.forms import Form
from shared.ui.links import with_query

HERE = Path(__file__).parent
STATIC = HERE / "static"
SHARED_TEMPLATES = HERE / "templates"
MAP_TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/grijs/EPSG:3857/{z}/{x}/{y}.png"
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: https://service.pdok.nl; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'; frame-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types default"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@lru_cache(maxsize=256)
def _fingerprint(path: Path, changed: int) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file, with a hash of its content so that it may be kept for ever."""
    path = STATIC / name
    if not path.is_file():
        return f"/static/{name}"
    return f"/static/{name}?v={_fingerprint(path, path.stat().st_mtime_ns)}"


def _load_parts(environment: Environment, parts: SimpleNamespace) -> None:
    for path in sorted((SHARED_TEMPLATES / "parts").glob("*.html")):
        module = environment.get_template(f"parts/{path.name}").module
        for name, macro in vars(module).items():
            if not name.startswith("_"):
                if hasattr(parts, name):
                    raise ValueError(f"two parts are called {name}")
                setattr(parts, name, macro)


@pass_context
def _name_of(context: Context, code: str | None) -> str:
    """The name of a participant, as the service of the page knows it."""
    return names_for(context["request"]).name_of(code)


@lru_cache(maxsize=1)
def base_environment() -> Environment:
    """The environment all services share; their own is an overlay with their own folder first."""
    environment = Environment(
        loader=FileSystemLoader(SHARED_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    parts = SimpleNamespace()
    environment.filters.update(formats.FILTERS)
    environment.globals.update(
        ui=parts,
        asset=asset,
        with_query=with_query,
        clock_view=clock_view,
        map_tiles=MAP_TILES,
        name_of=_name_of,
        address_of=on_one_line,
        opens=opens,
        **charts.GEOMETRY,
    )
    _load_parts(environment, parts)
    return environment


def _frame(request: Request) -> dict[str, Any]:
    """What `base.html` draws around every page: who is here, and where."""
    caller = getattr(request.state, "caller", None)
    settings: Settings = request.app.state.settings
    path = request.url.path
    return {
        "request": request,
        "caller": caller,
        "user": caller,
        "places": places_for({str(scope) for scope in caller.scopes}) if caller else [],
        "here": place_of(path),
        "agency": settings.agency_name,
        "example_data": settings.environment == "local",
    }


def is_fragment(request: Request) -> bool:
    """Whether htmx asks for a part of a page."""
    return request.headers.get("HX-Request-Type") == "partial"


class Templates:
    """The templates of one service, on top of the shared ones."""

    def __init__(self, directory: Path) -> None:
        self.environment = base_environment().overlay(
            loader=ChoiceLoader([FileSystemLoader(directory), FileSystemLoader(SHARED_TEMPLATES)])
        )
        # An overlay shares its globals; one service's words are not those of another beside it.
        self.environment.globals = dict(self.environment.globals)

    def page(
        self, request: Request, name: str, *, status_code: int = 200, **context: object
    ) -> HTMLResponse:
        """A page or a fragment, with the security headers; `form` is an empty form unless given."""
        values = {"form": Form(), **_frame(request), **context}
        body = self.environment.get_template(name).render(values)
        return HTMLResponse(body, status_code=status_code, headers=SECURITY_HEADERS)

    def error(
        self, request: Request, status_code: int, title: str, detail: str, reference: str = ""
    ) -> HTMLResponse:
        """What went wrong and what to do next; a short alert where htmx asked for a fragment."""
        return self.page(
            request,
            "fragment_error.html" if is_fragment(request) else "error.html",
            status_code=status_code,
            status=status_code,
            title=title,
            detail=detail,
            reference=reference,
        )
