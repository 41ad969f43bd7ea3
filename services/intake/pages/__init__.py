"""The screens of intake."""

from fastapi import APIRouter

from services.intake.pages import fragments

router = APIRouter()
for part in (fragments,):
    router.include_router(part.router)
