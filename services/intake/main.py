"""Intake: what the service consists of."""

from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from fastapi import APIRouter, FastAPI

from services.intake.complaints.api import complaints, handling
from services.intake.complaints.imports import IMPORTS
from services.intake.complaints.screens import (
    actions,
    complaint,
    fragments,
    phone_intake,
    worklist,
)
from services.intake.consumers import CONSUMERS, PROJECTIONS
from services.intake.context import Kit
from services.intake.figures import FIGURES
from services.intake.incidents import api as incidents
from services.intake.incidents import screens as incident_screens
from services.intake.jobs import JOBS
from services.intake.letters import api as letters
from services.intake.letters import documents_api, documents_screens
from services.intake.letters import screens as letter_screens
from services.intake.public import screens as public
from services.intake.reference import api as reference
from services.intake.reporters import api as reporters
from services.intake.tables import messaging, metadata, reporter_key
from shared.encryption_keys import KeyUse
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

PARTS = (complaints, handling, documents_api, reporters, incidents, letters, reference)
SCREENS = (
    phone_intake,
    worklist,
    complaint,
    documents_screens,
    actions,
    incident_screens,
    letter_screens,
    public,
    fragments,
)


def _together(parts: Sequence[ModuleType]) -> APIRouter:
    """Side by side, not included: a router in a router is searched twice for every request."""
    return APIRouter(routes=[route for part in parts for route in part.router.routes])


SPEC = ServiceSpec(
    name="intake",
    title="Klachten",
    description="Klachten over milieuoverlast en de incidenten waarover zij gaan: ontvangst, "
    "koppeling aan een locatie, beoordeling en antwoord aan de melder.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    figures=FIGURES,
    api=_together(PARTS),
    pages=_together(SCREENS),
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    kit=Kit,
    jobs=JOBS,
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
