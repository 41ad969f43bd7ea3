"""Enforcement: what the service consists of."""

from pathlib import Path

from fastapi import FastAPI

from services.enforcement import api, pages
from services.enforcement.consumers import CONSUMERS, PROJECTIONS
from services.enforcement.importing import IMPORTS
from services.enforcement.tables import messaging, metadata
from shared.service import ServiceSpec, build_service
from shared.settings import Settings

SPEC = ServiceSpec(
    name="enforcement",
    title="Toezicht en handhaving",
    description="Controles, bevindingen en overtredingen, hun plaats in de LHSO-matrix, en "
    "handhavingsmaatregelen met hun termijnen en mandaten.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    api=api.router,
    pages=pages.router,
    templates=Path(__file__).parent / "templates",
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application of enforcement, to be mounted at /enforcement."""
    return build_service(SPEC, settings or Settings())
