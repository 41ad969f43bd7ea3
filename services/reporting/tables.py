"""The tables of reporting; `metadata` is what the migrations build."""

from services.reporting.budgets.tables import budget, budget_line
from services.reporting.cases.tables import case_file, product_delivery
from services.reporting.metadata import document, idempotency, messaging, metadata
from services.reporting.participants.tables import participant
from services.reporting.periods.tables import period
from services.reporting.prices.tables import norm, parameter, sharing_key, tariff
from services.reporting.products.tables import product, product_rule
from services.reporting.realisation.tables import kpi_measurement
from services.reporting.settlements.tables import settlement, settlement_run
from services.reporting.weeks.tables import employee, hour_line, hours_history, week_sheet
from shared.db.row_security import protect

__all__ = [
    "budget",
    "budget_line",
    "case_file",
    "document",
    "employee",
    "hour_line",
    "hours_history",
    "idempotency",
    "kpi_measurement",
    "messaging",
    "metadata",
    "norm",
    "parameter",
    "participant",
    "period",
    "product",
    "product_delivery",
    "product_rule",
    "settlement",
    "settlement_run",
    "sharing_key",
    "tariff",
    "week_sheet",
]

protect(
    metadata,
    "reporting",
    parents={"budget_line": {"budget_id": "budget"}},
    # Hours that are for no participant in particular.
    shared={"hour_line"},
)
