"""Intake: what the service consists of."""

from pathlib import Path

from fastapi import FastAPI

from services.intake import api
from services.intake import screens as pages
from services.intake.complaints.imports import IMPORTS
from services.intake.consumers import CONSUMERS, PROJECTIONS
from services.intake.context import Desk
from services.intake.schedules import SCHEDULES
from services.intake.tables import messaging, metadata, reporter_key
from shared.encryption_keys import KeyUse
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

SPEC = ServiceSpec(
    name="intake",
    title="Klachten",
    description="Klachten over milieuoverlast en de incidenten waarover zij gaan: ontvangst, "
    "koppeling aan een locatie, beoordeling en antwoord aan de melder.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    api=api.router,
    pages=pages.router,
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    extras=Desk,
    schedules=SCHEDULES,
    keys=(
        KeyUse(
            purpose="melders",
            setting="VTH_MASTER_KEY",
            table=reporter_key,
            wrapped="wrapped",
            id="complaint_id",
            vault=Settings.melder_vault,
            migrating=Settings.melder_vault,
        ),
    ),
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of intake, to be mounted at /intake."""
    return build_service(SPEC, settings or Settings())
