"""The screens of reporting."""

from fastapi import APIRouter

from services.reporting.pages import approval, closing, fragments, participants, settlements, week

router = APIRouter()
for part in (week, approval, closing, participants, settlements, fragments):
    router.include_router(part.router)
