"""Which pages are looked at, by whom; and every page that the applications have."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from starlette.routing import compile_path

from deploy.services import spec_of
from shared import administration
from shared.settings import SERVICES
from shared.ui import events, portal

# Per user: the name of the picture, and the page; {complaint} and such come from the walk.
PAGES = {
    "klachten": {
        "klachten": "/intake/klachten",
        "klachten-klaar": "/intake/klachten?weergave=klaar",
        "klacht-nieuw": "/intake/klachten/nieuw",
        "klacht": "/intake/klachten/{complaint}",
        "klacht-open": "/intake/klachten/{open}",
        "koppelen": "/intake/klachten/{open}/koppelen",
        "beoordelen": "/intake/klachten/{open}/beoordelen",
        "contact": "/intake/klachten/{open}/contact",
        "doorsturen": "/intake/klachten/{open}/doorsturen",
        "intrekken": "/intake/klachten/{open}/intrekken",
        "behandelaar": "/intake/klachten/{open}/behandelaar",
        "afhandelen": "/intake/klachten/{complaint}/afhandelen",
        "heropenen": "/intake/klachten/{complaint}/heropenen",
        "incidenten": "/intake/incidenten?status=",
        "incident": "/intake/incidenten/{incident}",
        "berichten": "/intake/berichten",
        "zoeken": "/zoeken?q={number}",
        "start-medewerker": "/",
    },
    "planner": {
        "locaties": "/risk/locaties",
        "locatie": "/risk/locaties/{location}",
        "locatie-nieuw": "/risk/locaties/nieuw",
        "locatie-wijzigen": "/risk/locaties/{location}/wijzigen",
        "toezichtprogramma": "/risk/toezichtprogramma",
        "risicomodellen": "/risk/risicomodellen",
        "risicomodel": "/risk/risicomodellen/{model}",
        "risicomodel-nieuw": "/risk/risicomodellen/nieuw",
    },
    "toezicht": {
        "controles": "/enforcement/controles",
        "controle": "/enforcement/controles/{inspection}",
        "controle-gepland": "/enforcement/controles/{planned}",
        "controle-nieuw": "/enforcement/controles/nieuw",
        "week": "/reporting/uren",
        "week-vorige": "/reporting/uren?week=2026-W10",
    },
    "jurist": {
        "overtredingen": "/enforcement/overtredingen",
        "overtreding": "/enforcement/overtredingen/{violation}",
        "maatregel": "/enforcement/handhavingsmaatregelen/{measure}",
        "maatregel-voornemen": "/enforcement/handhavingsmaatregelen/{chosen}/voornemen",
        "maatregel-oplegging": "/enforcement/handhavingsmaatregelen/{chosen}/oplegging",
        "maatregel-beeindiging": "/enforcement/handhavingsmaatregelen/{measure}/beeindiging",
        "maatregel-invordering": "/enforcement/handhavingsmaatregelen/{measure}/invordering",
    },
    "teamleider": {
        "goedkeuren": "/reporting/uren/goedkeuren",
        "mandaten": "/enforcement/mandaten",
        "mandaat": "/enforcement/mandaten/{mandate}",
        "mandaat-nieuw": "/enforcement/mandaten/nieuw",
        "matrices": "/enforcement/lhso-matrices",
        "matrix": "/enforcement/lhso-matrices/{matrix}",
        "matrix-nieuw": "/enforcement/lhso-matrices/nieuw",
    },
    "controller": {
        "deelnemers": "/reporting/deelnemers",
        "deelnemer": "/reporting/deelnemers/gm0153",
        "regels": "/reporting/deelnemers/gm0153/regels",
        "producten": "/reporting/deelnemers/gm0153/producten",
        "afrekeningen": "/reporting/afrekeningen",
        "afrekening": "/reporting/afrekeningen/{settlement}",
        "jaarafrekening": "/reporting/jaarafrekeningen/{run}",
        "afsluiten": "/reporting/uren/afsluiten",
        "correctie": "/reporting/uren/regels/{line}/correctie",
    },
    "enschede": {
        "deelnemer-zelf": "/reporting/deelnemers/gm0153",
        "locatie-deelnemer": "/risk/locaties/{location}",
        "klacht-deelnemer": "/intake/klachten/{complaint}",
    },
    "": {
        "start": "/",
        "inloggen": "/inloggen",
        "toegankelijkheid": "/toegankelijkheid",
        "melden": "/intake/melden",
        **{
            f"melden-{step}": f"/intake/melden/{step}"
            for step in ("wat", "waar", "bron", "verhaal", "contact")
        },
    },
    # Citizens who answered every question, and who sent it.
    "onderweg": {"melden-controleren": "/intake/melden/controleren"},
    "klaar": {"melden-ontvangen": "/intake/melden/ontvangen"},
}
# What pages show of another service: judged inside a page that asks for it.
FRAGMENTS = {
    "/intake/fragmenten/locaties/{id}/klachten": ("planner", "/risk/locaties/{location}"),
    "/intake/fragmenten/zoeken": ("klachten", "/zoeken?q={number}"),
    "/risk/fragmenten/locaties/{location_id}": ("klachten", "/intake/klachten/{complaint}"),
    "/risk/fragmenten/zoeken": ("klachten", "/zoeken?q={number}"),
    "/enforcement/fragmenten/locaties/{id}": ("planner", "/risk/locaties/{location}"),
    "/enforcement/fragmenten/zoeken": ("jurist", "/zoeken?q={number}"),
    "/reporting/fragmenten/zaken/{zaakId}": ("klachten", "/intake/klachten/{complaint}"),
    "/reporting/fragmenten/zoeken": ("klachten", "/zoeken?q={number}"),
}
# The administrator's pages are the same in every service, and have tests of their own.
ADMINISTRATION = Path(__file__).parents[1] / "integration" / "webhooks" / "test_screens.py"
# The identity provider sends people here; it answers with another page or an error.
NO_PAGES = {"/inloggen/terug"}


def page_routes() -> list[str]:
    """The path of every page and fragment; files to download are none."""
    found = {*_paths(portal.router.routes), *_paths(events.router.routes)} - NO_PAGES
    for service in SERVICES:
        found |= {f"/{service}{path}" for path in _paths(spec_of(service).pages.routes)}
    found |= {f"/risk{path}" for path in _paths(administration.router.routes)}
    return sorted(path for path in found if not path.endswith((".csv", ".json", ".{vorm}")))


def _paths(routes: Iterable[Any]) -> Iterator[str]:
    for route in routes:
        if router := getattr(route, "original_router", None):
            yield from _paths(router.routes)
        elif "GET" in route.methods:
            yield route.path


def matches(route: str, address: str) -> bool:
    """Whether the address is one of the route."""
    pattern, _, _ = compile_path(route)
    return re.match(pattern, address.partition("?")[0]) is not None


def unseen(routes: Iterable[str]) -> list[str]:
    """The routes that no page and no fragment of the lists above belongs to."""
    routes = list(routes)
    addresses = [path for pages in PAGES.values() for path in pages.values()]
    addresses += re.findall(
        r'"(/(?:risk/)?gebeurtenissen[^"]*)"', ADMINISTRATION.read_text("utf-8")
    )
    # The first route that fits is the one that answers: /nieuw before /{id}.
    seen = {_answering(routes, address) for address in addresses} | set(FRAGMENTS)
    return [route for route in routes if route not in seen]


def _answering(routes: list[str], address: str) -> str:
    fitting = [route for route in routes if matches(route, address)]
    return min(fitting, key=lambda route: route.count("{"), default="")
