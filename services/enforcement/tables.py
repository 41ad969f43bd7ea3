"""The tables of enforcement; `metadata` is what the migrations build."""

from services.enforcement.inspections.tables import finding, finding_stands, inspection
from services.enforcement.locations.tables import SAID, location
from services.enforcement.measures.tables import forfeiture, measure, measure_act, term
from services.enforcement.metadata import (
    idempotency,
    inspection_number,
    measure_number,
    messaging,
    metadata,
    participant,
    violation_number,
)
from services.enforcement.policy.tables import aspect, mandate, matrix, policy, topic
from services.enforcement.violations.tables import position, violation
from shared.db.phrases import phrase_function
from shared.db.row_security import protect

__all__ = [
    "aspect",
    "finding",
    "finding_stands",
    "forfeiture",
    "idempotency",
    "inspection",
    "inspection_number",
    "location",
    "mandate",
    "matrix",
    "measure",
    "measure_act",
    "measure_number",
    "messaging",
    "metadata",
    "participant",
    "policy",
    "position",
    "term",
    "topic",
    "violation",
    "violation_number",
]

phrase_function(metadata, "enforcement", location, SAID)
protect(
    metadata,
    "enforcement",
    parents={
        "finding": {"inspection_id": "inspection"},
        "forfeiture": {"measure_id": "measure"},
        "measure_act": {"measure_id": "measure"},
        "position": {"violation_id": "violation"},
    },
)
