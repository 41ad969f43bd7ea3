"""All tables of risk: those of its parts and those of the kernel."""

from services.risk.locations import tables as locations
from services.risk.metadata import idempotency, messaging, metadata, participant
from services.risk.models import tables as models
from services.risk.scores import tables as scores
from shared.db.row_security import protect

__all__ = [
    "idempotency",
    "locations",
    "messaging",
    "metadata",
    "models",
    "participant",
    "scores",
]


_OF_LOCATION = {"location_id": "location"}
protect(
    metadata,
    "risk",
    parents=dict.fromkeys(
        ("complaint", "fact", "inspection", "measure", "score", "violation"), _OF_LOCATION
    ),
)
