"""The doors of intake: who may come in, and what can go wrong."""

from fastapi import APIRouter

from services.intake.api import (
    answering,
    complaints,
    incidents,
    linking,
    post,
    reference,
    reporters,
)

router = APIRouter()
for part in (complaints, linking, answering, reporters, incidents, post, reference):
    router.include_router(part.router)
