"""The screens of intake."""

from fastapi import APIRouter

from services.intake.pages import (
    complaint,
    deeds,
    fragments,
    incident,
    post,
    public,
    taking,
    worklist,
)

router = APIRouter()
for part in (taking, worklist, complaint, deeds, incident, post, public, fragments):
    router.include_router(part.router)
