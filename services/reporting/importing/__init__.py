"""How an agency arrives from its present system: budgets, and hours that were approved there."""

from services.reporting.importing import budgets, hours
from shared.imports import ImportSpec

IMPORTS = (
    ImportSpec(kind="uren", row=hours.HoursRow, store=hours.store),
    ImportSpec(kind="begrotingen", row=budgets.BudgetRow, store=budgets.store),
)
