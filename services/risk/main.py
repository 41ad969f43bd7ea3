"""The risk service: what it consists of."""

from datetime import timedelta
from typing import Final

from fastapi import FastAPI

from services.risk import api, pages
from services.risk.consumers import CONSUMERS
from services.risk.handlers import rescore_all
from services.risk.importing import IMPORTS
from services.risk.tables import messaging, metadata
from shared.http.service import ServiceSpec, build_service
from shared.schedules import Schedule
from shared.settings import Settings
from shared.work import Work


async def rescore_daily(work: Work) -> None:
    """Time passes also at locations where nothing happens."""
    await rescore_all(work, "tijdsverloop")


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
    imports=IMPORTS,
    schedules={"scores": Schedule(timedelta(days=1), rescore_daily)},
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application, mounted at `/risk`."""
    return build_service(SPEC, settings or Settings())
