"""The reporting service: what it consists of."""

from pathlib import Path

from fastapi import APIRouter, FastAPI

from services.reporting.budgets import api as budgets_api
from services.reporting.budgets import importing as budgets_importing
from services.reporting.cases import api as cases_api
from services.reporting.cases import screens as cases_screens
from services.reporting.consumers import CONSUMERS, PROJECTIONS
from services.reporting.participants import api as participants_api
from services.reporting.periods import api as periods_api
from services.reporting.periods import screens as periods_screens
from services.reporting.prices import api as prices_api
from services.reporting.products import api as products_api
from services.reporting.realisation import api as realisation_api
from services.reporting.realisation import indicators_api
from services.reporting.realisation import screens as realisation_screens
from services.reporting.schedules import SCHEDULES
from services.reporting.settlements import api as settlements_api
from services.reporting.settlements import screens as settlements_screens
from services.reporting.tables import messaging, metadata
from services.reporting.weeks import api as weeks_api
from services.reporting.weeks import approval
from services.reporting.weeks import importing as weeks_importing
from services.reporting.weeks import screens as weeks_screens
from shared.imports import ImportSpec
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

API = (
    participants_api,
    products_api,
    realisation_api,
    prices_api,
    budgets_api,
    weeks_api,
    periods_api,
    cases_api,
    settlements_api,
    indicators_api,
)
SCREENS = (
    weeks_screens,
    approval,
    periods_screens,
    realisation_screens,
    settlements_screens,
    cases_screens,
)
IMPORTS = (
    ImportSpec(kind="uren", row=weeks_importing.HoursRow, store=weeks_importing.store),
    ImportSpec(kind="begrotingen", row=budgets_importing.BudgetRow, store=budgets_importing.store),
)
router = APIRouter()
for part in API:
    router.include_router(part.router)
pages = APIRouter()
for part in SCREENS:
    pages.include_router(part.router)

SPEC = ServiceSpec(
    name="reporting",
    title="VTH Rapportages",
    description="Deelnemers, producten, uren, begrotingen en afrekeningen van de omgevingsdienst: "
    "elk uur en elk product verantwoord aan de deelnemer die betaalt.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    api=router,
    pages=pages,
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    schedules=SCHEDULES,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of the service."""
    return build_service(SPEC, settings or Settings())
