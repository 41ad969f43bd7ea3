"""The risk service: what it consists of."""

from typing import Final

from fastapi import APIRouter, FastAPI

from services.risk.consumers import CONSUMERS, PROJECTIONS
from services.risk.context import kit
from services.risk.figures import FIGURES
from services.risk.jobs import JOBS
from services.risk.locations import api as locations_api
from services.risk.locations import screens as locations_screens
from services.risk.locations.imports import IMPORTS
from services.risk.models import api as models_api
from services.risk.models import screens as models_screens
from services.risk.presentation import TEMPLATES
from services.risk.programmes import api as programmes_api
from services.risk.programmes import screens as programmes_screens
from services.risk.scores import api as scores_api
from services.risk.tables import messaging, metadata
from shared.service import ServiceSpec, build_service
from shared.settings import Settings


def _gathered(*routers: APIRouter) -> APIRouter:
    """Side by side: a router in a router is searched twice for every request."""
    return APIRouter(routes=[route for router in routers for route in router.routes])


SPEC: Final = ServiceSpec(
    name="risk",
    title="Risico",
    description="Locaties met hun milieubelastende activiteiten, risicomodellen en risicoscores.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    figures=FIGURES,
    api=_gathered(
        locations_api.router, scores_api.router, models_api.router, programmes_api.router
    ),
    pages=_gathered(locations_screens.router, programmes_screens.router, models_screens.router),
    templates=TEMPLATES,
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    kit=kit,
    jobs=JOBS,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, mounted at `/risk`."""
    return build_service(SPEC, settings or Settings())
