"""The doors of risk."""

from fastapi import APIRouter

from services.risk.api import locations, models, programme, scores

router = APIRouter()
for part in (locations, scores, models, programme):
    router.include_router(part.router)
