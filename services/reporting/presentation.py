"""What the screens of reporting share."""

from datetime import date
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import Path as InPath
from fastapi import Query

from services.reporting.realisation.domain import Light, Ratio
from services.reporting.weeks.domain import State
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.contracts.base import Participant
from shared.money import NBSP
from shared.product.roles import Scope
from shared.ui.formats import getal
from shared.ui.forms import Form
from shared.ui.render import Templates

templates = Templates(Path(__file__).parent / "templates")

HoursReader = Annotated[Caller, page_caller(Scope.HOURS_READ)]
HoursWriter = Annotated[Caller, page_caller(Scope.HOURS_WRITE)]
Approver = Annotated[Caller, page_caller(Scope.HOURS_APPROVE)]
Reviewer = Annotated[Caller, page_caller(Scope.SETTLEMENTS_READ)]
Adopter = Annotated[Caller, page_caller(Scope.SETTLEMENTS_ADOPT)]
Identity = Annotated[UUID, InPath(alias="id")]
ParticipantCode = Annotated[Participant, InPath(alias="code")]
YearQuery = Annotated[int | None, Query(alias="jaar", ge=2000, le=2100)]
Done = Annotated[str, Query(alias="gedaan", max_length=20)]

TONES = {
    State.OPEN: "neutral",
    State.SUBMITTED: "info",
    State.APPROVED: "good",
    State.CLOSED: "good",
    State.SETTLED: "good",
}
LIGHTS = {
    Light.GREEN: "good",
    Light.AMBER: "warning",
    Light.RED: "bad",
    Light.NONE: "neutral",
}


def percentage(ratio: Ratio) -> str:
    """A share as text; nothing over zero is a dash."""
    return getal(None) if ratio.percentage is None else f"{getal(ratio.percentage, 1)}{NBSP}%"


def version_in(form: Form) -> int:
    """The version that the form was drawn with; 0 for a thing that did not exist."""
    text = form.text("versie")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def years_until(today: date) -> list[int]:
    """The years to choose from."""
    return [today.year - back for back in range(4)]
