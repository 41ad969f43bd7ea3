"""What the screens of risk share."""

from pathlib import Path
from typing import Annotated, Any

from starlette.requests import Request

from services.risk.models.domain import ModelState
from shared.auth.caller import Caller
from shared.auth.pages import page_caller
from shared.contracts.risk import RiskClass
from shared.participants import names_for
from shared.product.roles import Scope
from shared.ui.render import Templates

TEMPLATES = Path(__file__).parent / "templates"
templates = Templates(TEMPLATES)

Viewer = Annotated[Caller, page_caller(Scope.LOCATIONS_READ)]
Editor = Annotated[Caller, page_caller(Scope.LOCATIONS_WRITE)]
Modeller = Annotated[Caller, page_caller(Scope.RISK_MODELS_MANAGE)]

TONES = {RiskClass.HIGH: "bad", RiskClass.MEDIUM: "warning", RiskClass.LOW: "good"}
STATE_TONES = {
    ModelState.CONCEPT: "info",
    ModelState.ACTIVE: "good",
    ModelState.RETIRED: "neutral",
}
templates.environment.globals["tones"] = TONES
templates.environment.globals["state_tones"] = STATE_TONES


def participants_of(request: Request, caller: Caller) -> list[tuple[str, str]]:
    """The participants that the caller may choose from."""
    return names_for(request).choices(caller.sees)


def address_of(row: Any) -> str:
    """The address on one line; what is unknown is left out."""
    street = " ".join(part for part in (row["street"], row["house_number"]) if part)
    city = " ".join(part for part in (row["postcode"], row["city"]) if part)
    return ", ".join(part for part in (street, city) if part) or "adres onbekend"


templates.environment.globals["address_of"] = address_of
