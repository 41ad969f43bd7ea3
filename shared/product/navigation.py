"""The six places of the platform, the one of its administrators, and who may enter which."""

from collections.abc import Collection
from dataclasses import dataclass

from shared.settings import SERVICES


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the platform: its name, first page, the scope it asks for and what it is for."""

    name: str
    url: str
    scope: str
    purpose: str

    @property
    def root(self) -> str:
        return f"/{self.url.split('/')[1]}/"


PLACES = (
    Place(
        "Klachten",
        "/intake/klachten",
        "klachten.lezen",
        "Meldingen aannemen, bundelen tot incidenten, beoordelen en beantwoorden.",
    ),
    Place(
        "Locaties",
        "/risk/locaties",
        "locaties.lezen",
        "Bedrijven en terreinen onder toezicht, met hun risicoscore en wat die bepaalt.",
    ),
    Place(
        "Toezicht",
        "/enforcement/controles",
        "controles.lezen",
        "Controles plannen en uitvoeren, bevindingen vastleggen.",
    ),
    Place(
        "Handhaving",
        "/enforcement/overtredingen",
        "handhaving.lezen",
        "Overtredingen plaatsen in de LHSO-matrix, maatregelen en hun termijnen volgen.",
    ),
    Place(
        "Uren",
        "/reporting/uren",
        "uren.schrijven",
        "De weekstaat: uren schrijven op zaken en producten.",
    ),
    Place(
        "Rapportages",
        "/reporting/deelnemers",
        "afrekeningen.lezen",
        "Plan en werkelijkheid per deelnemer, tot en met de afrekening.",
    ),
)
ADMINISTRATION = Place(
    "Gebeurtenissen",
    "/intake/gebeurtenissen",
    "gebeurtenissen.beheren",
    "Wat tussen de diensten wacht of vastloopt, en wie de gebeurtenissen volgt.",
)
PUBLIC_PATHS = ("/intake/melden",)
PATHS_OF = {
    "/enforcement/overtredingen": "Handhaving",
    "/enforcement/maatregelen": "Handhaving",
    "/enforcement/handhavingsmaatregelen": "Handhaving",
    "/enforcement/mandaten": "Handhaving",
    "/enforcement/lhso-matrices": "Handhaving",
    "/reporting/uren": "Uren",
    **{f"/{service}/gebeurtenissen": "Gebeurtenissen" for service in SERVICES},
}
DEFAULT_OF = {
    "intake": "Klachten",
    "risk": "Locaties",
    "enforcement": "Toezicht",
    "reporting": "Rapportages",
}


def places_for(scopes: Collection[str]) -> list[Place]:
    """The places these scopes open."""
    return [place for place in (*PLACES, ADMINISTRATION) if place.scope in scopes]


def place_of(path: str) -> str | None:
    """The name of the place a path belongs to; None on public pages and the start page."""
    if path.startswith(PUBLIC_PATHS):
        return None
    for prefix, name in PATHS_OF.items():
        if path.startswith(prefix):
            return name
    return DEFAULT_OF.get(path.split("/")[1] if "/" in path else "")


def opens(path: str, scopes: Collection[str]) -> bool:
    """Whether these scopes open the place that a path belongs to; others are not sent there."""
    name = place_of(path)
    return all(place.scope in scopes for place in (*PLACES, ADMINISTRATION) if place.name == name)
