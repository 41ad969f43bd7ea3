"""The screens of reporting."""

from fastapi import APIRouter

from services.reporting.cases import screens as cases
from services.reporting.periods import screens as periods
from services.reporting.realisation import screens as realisation
from services.reporting.settlements import documents_screens as documents
from services.reporting.settlements import screens as settlements
from services.reporting.weeks import approval
from services.reporting.weeks import screens as weeks

router = APIRouter()
for part in (weeks, approval, periods, realisation, settlements, documents, cases):
    router.include_router(part.router)
