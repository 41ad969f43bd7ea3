"""The API of enforcement under /enforcement/v1."""

from fastapi import APIRouter

from services.enforcement.api import inspections, measures, policy, violations

router = APIRouter()
for each in (inspections, violations, measures, policy):
    router.include_router(each.router)
