"""A server that shows every part in every state, with the portal beside it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount, Route

from shared.auth.caller import ALL, Caller
from shared.product.roles import Role, scopes_of
from shared.settings import Settings
from shared.ui.clock import clock_view
from shared.ui.forms import FieldError, Form, read_form
from shared.ui.portal import build_portal
from shared.ui.render import Templates
from tests.support.sessions import use_tokens

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
TODAY = date(2026, 11, 24)
templates = Templates(Path(__file__).parent / "templates")
ROLES = frozenset(map(str, Role))
CALLER = Caller(
    "alles", "Alle rollen (voorbeeld)", ROLES, frozenset(scopes_of(ROLES)), frozenset({ALL})
)
CONSEQUENCES = [
    {"code": "4", "label": "aanzienlijk en/of onomkeerbaar"},
    {"code": "3", "label": "van belang"},
    {"code": "2", "label": "beperkt"},
    {"code": "1", "label": "vrijwel nihil"},
]
BEHAVIOURS = [
    {"code": "A", "label": "goedwillend"},
    {"code": "B", "label": "onverschillig"},
    {"code": "C", "label": "calculerend"},
    {"code": "D", "label": "notoir/crimineel"},
]
ADVICE = ("aanspreken", "waarschuwen", "waarschuwen, gesprek", "last onder dwangsom")
HEAVY = ("last onder dwangsom, boete", "bestuursdwang, pv", "bestuursdwang, stilleggen, pv")
CELLS = {
    f"{letter}{digit}": {"level": column + digit, "text": (ADVICE + HEAVY)[column + digit - 1]}
    for column, letter in enumerate("ABCD")
    for digit in (1, 2, 3, 4)
}


def _clocks() -> list[tuple[str, Any]]:
    return [
        ("ruim", clock_view(TODAY + timedelta(days=20), NOW)),
        ("bijna", clock_view(NOW + timedelta(days=2), NOW)),
        ("uren", clock_view(NOW + timedelta(hours=3), NOW)),
        ("te laat", clock_view(TODAY - timedelta(days=5), NOW)),
        ("stil", clock_view(TODAY, NOW, paused="wacht op aanvulling van de melder")),
        ("klaar", clock_view(TODAY, NOW, done=TODAY - timedelta(days=1))),
    ]


def _context() -> dict[str, Any]:
    return {
        "now": NOW,
        "clocks": _clocks(),
        "consequences": CONSEQUENCES,
        "behaviours": BEHAVIOURS,
        "cells": CELLS,
        "terms": [
            {"label": "Klachten, laatste 12 maanden", "value": 21.4, "source": "klachten",
             "date": TODAY},
            {"label": "Naleving bij laatste controle", "value": 14, "source": "controles",
             "date": date(2026, 3, 2)},
            {"label": "Aard van de activiteit", "value": 32.5, "source": "Bal, afdeling 3.3"},
            {"label": "Onlangs gecontroleerd", "value": -9.5, "source": "controles",
             "date": date(2026, 10, 12)},
        ],
        "hours": [
            {"label": "Toezicht milieu", "value": 412.5, "text": "412:30", "target": 480,
             "target_text": "480:00"},
            {"label": "Handhaving", "value": 260, "text": "260:00", "target": 200,
             "target_text": "200:00"},
            {"label": "Klachten", "value": 96, "text": "96:00", "target": 120,
             "target_text": "120:00"},
        ],
        "months": [
            {"label": label, "value": value}
            for label, value in (("jul", 12), ("aug", 19), ("sep", 31), ("okt", 22), ("nov", 27))
        ],
        "amount": Decimal("1234.5"),
        "rows": [
            {"number": f"K-2026-{number:05d}", "what": what, "state": state, "tone": tone,
             "clock": clock, "minutes": minutes, "cost": cost}
            for (number, what, state, tone, minutes, cost), (_, clock) in zip(
                (
                    (1204, "Geur van verbrand plastic, al drie avonden", "Nieuw", "info", 0, 0),
                    (1199, "Laagfrequent geluid in de nacht", "In behandeling", "warning", 75, 118),
                    (1187, "Stof op auto's en vensterbanken", "Te laat", "bad", 450, 712.5),
                    (1150, "Mestlucht bij de school", "Afgehandeld", "good", 135, -80),
                ),
                _clocks(),
                strict=False,
            )
        ],
        "points": [
            {"label": "Havenkade 12, Almelo", "lat": 52.3508, "lon": 6.6681, "href": "#a",
             "tone": "bad", "facts": ["87,4", "3 klachten"]},
            {"label": "Industrieweg 4, Hengelo", "lat": 52.2574, "lon": 6.7928, "href": "#b",
             "tone": "warning", "facts": ["54,0", "1 klacht"]},
            {"label": "Marssteden 20, Enschede", "lat": 52.2112, "lon": 6.8283, "href": "#c",
             "tone": "good", "facts": ["12,9", "geen klachten"]},
        ],
    }  # fmt: skip


# What somebody could type in a field: markup, with everything that has ever run a script.
MARKUP = (
    "<img src=x onerror=\"document.title='uitgevoerd'\"><b>vet</b>"
    "<iframe srcdoc=\"<script>parent.document.title='uitgevoerd'</script>\"></iframe>"
)
TYPED = frozenset({"label", "source", "facts", "text", "target_text", "what", "number"})


def _marked(value: Any, name: str = "") -> Any:
    """The same, with markup in every text that people type."""
    if isinstance(value, dict):
        return {key: _marked(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [_marked(item, name) for item in value]
    return value + MARKUP if isinstance(value, str) and name in TYPED else value


ASKED = {"omschrijving": 'Het stinkt "naar" <plastic>', "soort": "geluid", "dagen": ["ma", "wo"]}
WRONG = Form(
    fields=ASKED,
    problems=(
        FieldError("datum", "Vul een datum in die niet in de toekomst ligt."),
        FieldError("soort", "Kies wat u merkt."),
        FieldError("postcode", "Vul een postcode in, bijvoorbeeld 7511 AB."),
        FieldError("akkoord", "Vink aan dat u dit hebt gelezen."),
    ),
)
FORMS = {"fout": WRONG, "leeg": Form()}


def _shown(name: str, **extra: Any) -> Callable[[Request], Awaitable[Response]]:
    async def show(request: Request) -> Response:
        request.state.caller = None if "buiten" in request.query_params else CALLER
        form = FORMS.get(request.query_params.get("staat", ""), Form())
        context = _marked(_context()) if "opmaak" in request.query_params else _context()
        return templates.page(request, name, form=form, **context, **extra)

    return show


async def _posted(request: Request) -> Response:
    request.app.state.posts = getattr(request.app.state, "posts", 0) + 1
    form = await read_form(request)
    return HTMLResponse(f"{request.app.state.posts} {form.key} {form.text('omschrijving')}")


async def _fragment(request: Request) -> Response:
    return HTMLResponse("<p>Twee klachten in de buurt</p>")


def build_gallery(port: int) -> Starlette:
    """The gallery's application."""
    settings = Settings(
        environment="local",
        token_key=SecretStr("example-key-of-the-gallery-only-32b"),
        public_url=f"http://127.0.0.1:{port}",
    )
    routes = [
        Route("/galerij", _shown("galerij.html")),
        Route("/galerij/formulier", _shown("formulier.html")),
        Route("/galerij/vraag", _shown("vraag.html")),
        Route("/galerij/antwoorden", _shown("antwoorden.html")),
        Route("/galerij/klaar", _shown("klaar.html")),
        Route("/galerij/post", _posted, methods=["POST"]),
        Route("/galerij/fragment", _fragment),
        Mount("/", build_portal(settings)),
    ]
    app = Starlette(routes=routes)
    app.state.settings = settings
    use_tokens(app, settings)
    return app
