"""The routes of reporting, thin: who may come in, what can go wrong, and nothing else."""

from fastapi import APIRouter

from services.reporting.api import (
    budgets,
    cases,
    hours,
    kpis,
    participants,
    prices,
    settlements,
    weeks,
)

router = APIRouter()
for part in (participants, prices, budgets, weeks, hours, cases, settlements, kpis):
    router.include_router(part.router)
