"""The screens of risk."""

from fastapi import APIRouter

from services.risk.pages import forms, location, locations, models, programme, search
from services.risk.pages.common import TEMPLATES

__all__ = ["TEMPLATES", "router"]

router = APIRouter()
for part in (forms, locations, location, programme, models, search):
    router.include_router(part.router)
