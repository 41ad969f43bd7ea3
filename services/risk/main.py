"""The risk service: what it consists of."""

from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.risk import api, pages
from services.risk.consumers import CONSUMERS, PROJECTIONS
from services.risk.importing import IMPORTS
from services.risk.rescoring import rescore_due
from services.risk.tables import messaging, metadata
from shared.db.unit_of_work import UnitOfWork
from shared.schedules import Schedule
from shared.service import ServiceSpec, build_service
from shared.settings import Settings


async def keep_scores_fresh(work: UnitOfWork) -> None:
    """A turn of scoring: after midnight, or after a new model, until all have had theirs."""
    await rescore_due(work)


SPEC: Final = ServiceSpec(
    name="risk",
    title="Risico",
    description="Locaties met hun milieubelastende activiteiten, risicomodellen en risicoscores.",
    version="1.0.0",
    metadata=metadata,
    messaging=messaging,
    api=api.router,
    pages=pages.router,
    templates=pages.TEMPLATES,
    consumers=CONSUMERS,
    projections=PROJECTIONS,
    imports=IMPORTS,
    schedules={"scores": Schedule(timedelta(seconds=10), keep_scores_fresh)},
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, mounted at `/risk`."""
    return build_service(SPEC, settings or Settings())
