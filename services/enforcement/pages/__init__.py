"""The screens of enforcement."""

from fastapi import APIRouter

from services.enforcement.pages import fragments, inspections, measures, violations

router = APIRouter()
for part in (inspections, violations, measures, fragments):
    router.include_router(part.router)
