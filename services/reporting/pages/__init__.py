"""The screens of reporting."""

from fastapi import APIRouter

from services.reporting.pages import approval, fragments, participants, settlements, week

router = APIRouter()
for part in (week, approval, participants, settlements, fragments):
    router.include_router(part.router)
