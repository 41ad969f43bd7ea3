"""The screens of locations."""

from fastapi import APIRouter

from services.risk.locations.screens import detail, form, overview, search

router = APIRouter()
for screen in (form, overview, detail, search):
    router.include_router(screen.router)
