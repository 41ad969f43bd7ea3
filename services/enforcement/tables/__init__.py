"""The tables of enforcement; `metadata` is what the migrations build."""

from services.enforcement.tables.base import (
    idempotency,
    inspection_number,
    measure_number,
    messaging,
    metadata,
    violation_number,
)
from services.enforcement.tables.inspections import finding, inspection, location
from services.enforcement.tables.measures import forfeiture, measure, term
from services.enforcement.tables.policy import aspect, mandate, matrix, policy, topic
from services.enforcement.tables.violations import position, violation

__all__ = [
    "aspect",
    "finding",
    "forfeiture",
    "idempotency",
    "inspection",
    "inspection_number",
    "location",
    "mandate",
    "matrix",
    "measure",
    "measure_number",
    "messaging",
    "metadata",
    "policy",
    "position",
    "term",
    "topic",
    "violation",
    "violation_number",
]
