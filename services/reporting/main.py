"""The reporting service: what it consists of."""

from pathlib import Path

from fastapi import FastAPI

from services.reporting.api import router
from services.reporting.budgets import imports as budgets
from services.reporting.consumers import CONSUMERS, PROJECTIONS
from services.reporting.figures import FIGURES
from services.reporting.jobs import JOBS
from services.reporting.screens import router as screens
from services.reporting.tables import messaging, metadata
from services.reporting.weeks import imports as weeks
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

IMPORTS = (weeks.IMPORT, budgets.IMPORT)

SPEC = ServiceSpec(
    name="reporting",
    title="VTH Rapportages",
    description="Deelnemers, producten, uren, begrotingen en afrekeningen van de omgevingsdienst: "
    "elk uur en elk product verantwoord aan de deelnemer die betaalt.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    figures=FIGURES,
    api=router,
    pages=screens,
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    jobs=JOBS,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of the service."""
    return build_service(SPEC, settings or Settings())
