"""What the screens of intake share."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Path as InPath
from fastapi import Query

from services.intake.complaints.domain.complaint import State
from services.intake.incidents.domain import IncidentState
from services.intake.timeline.queries import EntryRow
from shared.addresses import address_line
from shared.http.paging import Paging
from shared.ui.forms import Form
from shared.ui.reading import Words
from shared.ui.render import Templates

templates = Templates(Path(__file__).parent / "templates")
templates.environment.globals.update(address_line=address_line)

Identity = Annotated[UUID, InPath(alias="id")]
Done = Annotated[str, Query(alias="gedaan", max_length=20)]

TONES: Final = {
    State.RECEIVED: "info",
    State.IN_PROGRESS: "warning",
    State.ASSESSED: "info",
    State.CLOSED: "good",
    State.FORWARDED: "neutral",
    State.WITHDRAWN: "neutral",
    State.REOPENED: "warning",
    IncidentState.RUNNING: "warning",
    IncidentState.CONCLUDED: "good",
}
# What a page shows beside its subject has no pages of its own.
WHOLE: Final = Paging(None, 500, "", ())

_PLACE: Final = "Vul een adres in, wijs de plaats aan of beschrijf de plaats."
# The name of a wire field, and of the field that the screens have for it.
FIELDS: Final[Mapping[str, str]] = {
    "adres.straatnaam": "straat",
    "adres.huisnummer": "huisnummer",
    "adres.postcode": "postcode",
    "adres.woonplaats": "plaats",
    "vermoedelijkeBron": "bron",
    "melder.naam": "naam",
    "melder.telefoonnummer": "telefoon",
    "melder.emailadres": "email",
    "melder.bereikbaar": "bereikbaar",
    "terugkoppelingGewenst": "terugkoppeling",
    "terugbellenGewenst": "bellen",
    "geometrie.lon": "lon",
    "geometrie.lat": "lat",
}
# Where the screens show what is wrong with a field that they have in parts, or not at all.
BESIDE: Final[Mapping[str, str]] = {
    **FIELDS,
    "signaaltijdstip": "datum",
    "geometrie": "postcode",
    "geometrie.coordinates": "postcode",
    "geometrie.coordinates.0": "postcode",
    "geometrie.coordinates.1": "postcode",
    "body": "postcode",
    "locatieId": "keuze",
    "incidentId": "keuze",
}
WORDS: Final = Words(
    names=FIELDS,
    labels={"signaaltijdstip": "dag"},
    shapes={
        "postcode": "Vul een postcode in, bijvoorbeeld 7511 AB.",
        "telefoonnummer": "Vul een telefoonnummer in, bijvoorbeeld 06 12345678.",
        "emailadres": "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.",
        "body": _PLACE,
        "geometrie": "Wijs een plaats in Nederland aan.",
        "coordinates": "Wijs een plaats in Nederland aan.",
        "0": "Wijs een plaats in Nederland aan.",
        "1": "Wijs een plaats in Nederland aan.",
    },
    missing={
        "categorie": "Kies wat de melder merkt.",
        "omschrijving": "Schrijf op wat er aan de hand is.",
        "toelichting": "Schrijf op wat u hebt vastgesteld.",
        "verslag": "Schrijf op wat er is besproken.",
        "reden": "Schrijf op waarom.",
        "doorgestuurdNaar": "Vul in welke organisatie de klacht krijgt.",
        "oordeel": "Kies het oordeel.",
        "antwoordwijze": "Kies hoe de melder antwoord krijgt.",
        "soort": "Kies hoe het contact was.",
        "kanaal": "Kies hoe de klacht binnenkwam.",
        "locatieId": "Kies waar het was.",
    },
)


def beside(form: Form) -> Form:
    """The form with each message at a field that the page has."""
    problems = tuple(
        replace(problem, name=BESIDE.get(problem.name, problem.name)) for problem in form.problems
    )
    return replace(form, problems=problems)


def choices(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    """Values to choose from, with their words."""
    return [(str(each), str(each).capitalize()) for each in kinds]


def entries_of(rows: Iterable[EntryRow]) -> list[dict[str, Any]]:
    """Lines of the time line, as the template takes them."""
    return [
        {
            "when": row.at,
            "what": row.title,
            "who": row.actor,
            "text": row.detail,
            "href": row.link,
        }
        for row in rows
    ]
