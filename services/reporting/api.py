"""The operations of reporting."""

from fastapi import APIRouter

from services.reporting.budgets import api as budgets
from services.reporting.cases import api as cases
from services.reporting.participants import api as participants
from services.reporting.periods import api as periods
from services.reporting.prices import api as prices
from services.reporting.products import api as products
from services.reporting.realisation import api as realisation
from services.reporting.settlements import api as settlements
from services.reporting.settlements import documents_api as documents
from services.reporting.weeks import api as weeks

PARTS = (
    *(participants, products, prices, budgets, weeks, periods),
    *(cases, realisation, settlements, documents),
)
# Side by side, not included: a router in a router is searched twice for every request.
router = APIRouter(routes=[route for part in PARTS for route in part.router.routes])
