"""Enforcement: what the service consists of."""

from pathlib import Path

from fastapi import APIRouter, FastAPI

from services.enforcement.consumers import CONSUMERS, PROJECTIONS
from services.enforcement.context import kit
from services.enforcement.figures import FIGURES
from services.enforcement.imports import IMPORTS
from services.enforcement.inspections import api as inspections_api
from services.enforcement.inspections import screens as inspections_screens
from services.enforcement.locations import screens as locations_screens
from services.enforcement.measures import api as measures_api
from services.enforcement.measures import screens as measures_screens
from services.enforcement.policy import api as policy_api
from services.enforcement.policy import screens as policy_screens
from services.enforcement.tables import messaging, metadata
from services.enforcement.violations import api as violations_api
from services.enforcement.violations import screens as violations_screens
from shared.service import ServiceSpec, build_service
from shared.settings import Settings


def _gathered(*parts: APIRouter) -> APIRouter:
    """Side by side: a router in a router is searched twice for every request."""
    return APIRouter(routes=[route for each in parts for route in each.routes])


API = _gathered(
    inspections_api.router, violations_api.router, measures_api.router, policy_api.router
)
SCREENS = _gathered(
    inspections_screens.router,
    violations_screens.router,
    measures_screens.router,
    policy_screens.router,
    locations_screens.router,
)
SPEC = ServiceSpec(
    name="enforcement",
    title="Toezicht en handhaving",
    description="Controles, bevindingen en overtredingen, hun plaats in de LHSO-matrix, en "
    "handhavingsmaatregelen met hun termijnen en mandaten.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    figures=FIGURES,
    api=API,
    pages=SCREENS,
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    kit=kit,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of enforcement, to be mounted at /enforcement."""
    return build_service(SPEC, settings or Settings())
