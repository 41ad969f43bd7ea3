"""The tables of reporting; `metadata` is what the migrations build."""

from services.reporting.tables.base import idempotency, messaging, metadata
from services.reporting.tables.cases import case_file, product_delivery
from services.reporting.tables.hours import (
    employee,
    hour_line,
    hours_history,
    month_close,
    week_sheet,
)
from services.reporting.tables.reference import (
    budget,
    budget_line,
    norm,
    parameter,
    participant,
    product,
    product_rule,
    sharing_key,
    tariff,
)
from services.reporting.tables.settlements import kpi_measurement, settlement

__all__ = [
    "budget",
    "budget_line",
    "case_file",
    "employee",
    "hour_line",
    "hours_history",
    "idempotency",
    "kpi_measurement",
    "messaging",
    "metadata",
    "month_close",
    "norm",
    "parameter",
    "participant",
    "product",
    "product_delivery",
    "product_rule",
    "settlement",
    "sharing_key",
    "tariff",
    "week_sheet",
]
