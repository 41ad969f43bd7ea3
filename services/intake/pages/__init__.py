"""The screens of intake."""

from fastapi import APIRouter

from services.intake.pages import complaint, deeds, fragments, incident, public, taking, worklist

router = APIRouter()
for part in (taking, worklist, complaint, deeds, incident, public, fragments):
    router.include_router(part.router)
