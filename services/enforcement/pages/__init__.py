"""The screens of enforcement."""

from fastapi import APIRouter

from services.enforcement.pages import (
    fragments,
    inspections,
    mandates,
    matrices,
    measures,
    violations,
)

router = APIRouter()
for part in (inspections, violations, measures, mandates, matrices, fragments):
    router.include_router(part.router)
