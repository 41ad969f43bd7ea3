"""The screens of intake."""

from fastapi import APIRouter

from services.intake.pages import fragments, public, taking

router = APIRouter()
for part in (taking, public, fragments):
    router.include_router(part.router)
