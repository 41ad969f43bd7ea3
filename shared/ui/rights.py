"""Who may do what: the role matrix, for everybody who is signed in."""

from collections.abc import Mapping
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from shared.auth.pages import SignInNeededError, visitor
from shared.product.roles import ROLES, Role, Scope
from shared.ui.render import SHARED_TEMPLATES, Templates

templates = Templates(SHARED_TEMPLATES / "portal")
router = APIRouter(include_in_schema=False)

RIGHT_TEXTS: Final[Mapping[Scope, str]] = {
    Scope.COMPLAINTS_READ: "klachten en incidenten zien, zonder de melder",
    Scope.COMPLAINTS_WRITE: "klachten aannemen, koppelen, beoordelen en beantwoorden",
    Scope.REPORTERS_READ: "gegevens van melders zien; elke keer wordt vastgelegd",
    Scope.LOCATIONS_READ: "locaties en risicoscores zien",
    Scope.LOCATIONS_WRITE: "locaties registreren en wijzigen",
    Scope.RISK_MODELS_MANAGE: "risicomodellen voorstellen en activeren",
    Scope.INSPECTIONS_READ: "controles zien",
    Scope.INSPECTIONS_WRITE: "controles plannen en uitvoeren",
    Scope.ENFORCEMENT_READ: "overtredingen en maatregelen zien",
    Scope.ENFORCEMENT_WRITE: "overtredingen plaatsen, maatregelen voorbereiden",
    Scope.ORDER_IMPOSE: "maatregelen opleggen en beëindigen",
    Scope.MANDATES_MANAGE: "mandaten en de LHSO-matrix beheren",
    Scope.HOURS_READ: "uren zien",
    Scope.HOURS_WRITE: "eigen uren schrijven",
    Scope.HOURS_APPROVE: "weekstaten goedkeuren",
    Scope.BUDGETS_MANAGE: "begrotingen, producten en tarieven beheren, maanden sluiten",
    Scope.SETTLEMENTS_READ: "rapportages en afrekeningen zien",
    Scope.SETTLEMENTS_ADOPT: "afrekeningen maken en vaststellen",
    Scope.EVENTS_READ: "gebeurtenissen volgen",
    Scope.EVENTS_MANAGE: "vastgelopen gebeurtenissen, abonnementen en herbouw beheren",
    Scope.JOBS_MANAGE: "taken volgen, opnieuw proberen en annuleren",
}


@router.get("/rechten")
async def rights(request: Request) -> Response:
    """Each right, and the roles that have it."""
    caller = await visitor(request)
    if caller is None:
        raise SignInNeededError("/rechten")
    rows = [
        {
            "text": RIGHT_TEXTS[scope],
            "scope": scope,
            "roles": [role for role in Role if scope in ROLES[role]],
            "own": caller.may(scope),
        }
        for scope in Scope
    ]
    return templates.page(
        request, "rechten.html", rows=rows, own_roles=sorted(caller.roles & set(Role))
    )
