"""What the screens of intake share."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Path as InPath
from fastapi import Query
from pydantic import BaseModel, ValidationError

from services.intake.complaints.domain.complaint import State
from services.intake.incidents.domain import IncidentState
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.errors import Invalid, InvalidParam
from shared.http.problems import invalid_params
from shared.product.roles import Scope
from shared.ui.forms import Form
from shared.ui.render import Templates

Model = TypeVar("Model", bound=BaseModel)

templates = Templates(Path(__file__).parent / "templates")

Viewer = Annotated[Caller, page_caller(Scope.COMPLAINTS_READ)]
Writer = Annotated[Caller, page_caller(Scope.COMPLAINTS_WRITE)]
PersonReader = Annotated[Caller, page_caller(Scope.REPORTERS_READ)]
Identity = Annotated[UUID, InPath(alias="id")]
Done = Annotated[str, Query(alias="gedaan", max_length=20)]

TONES = {
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


SHAPES = {
    "postcode": "Vul een postcode in, bijvoorbeeld 7511 AB.",
    "telefoonnummer": "Vul een telefoonnummer in, bijvoorbeeld 06 12345678.",
    "emailadres": "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.",
    "body": "Vul een adres in, wijs de plaats aan of beschrijf de plaats.",
    "coordinates": "Wijs een plaats in Nederland aan.",
}
MISSING = {
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
}


def version_in(form: Form) -> int:
    """The version that the form was drawn with."""
    text = form.text("versie")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def checked(model: type[Model], values: dict[str, Any]) -> Model:
    """The wire model of what was typed. Raises Invalid, with wire names."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        params = tuple(_said(param) for param in invalid_params(error.errors()))
        raise Invalid("Het formulier klopt nog niet.", params=params) from None


def _said(param: InvalidParam) -> InvalidParam:
    """What to do, in the words of a form."""
    name = param.name.rpartition(".")[2]
    if param.code in {"te-kort", "verplicht"}:
        return replace(param, reason=MISSING.get(name, "Vul dit veld in."))
    return replace(param, reason=SHAPES.get(name, param.reason))
