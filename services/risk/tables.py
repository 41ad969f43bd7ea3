"""All tables of risk: those of its parts and those of the kernel."""

from services.risk.locations import tables as locations
from services.risk.metadata import metadata
from services.risk.models import tables as models
from services.risk.scores import tables as scores
from shared.db.row_security import protect
from shared.db.seeds import seed_table
from shared.encryption_keys import encryption_key_table
from shared.http.idempotency import idempotency_table
from shared.http.rate_limit_storage import rate_limit_table
from shared.imports import imported_row_table
from shared.jobs.tables import job_table
from shared.messaging.tables import messaging_tables
from shared.participants import participant_table
from shared.webhooks.tables import subscription_tables

__all__ = ["locations", "metadata", "models", "scores"]

messaging = messaging_tables(metadata)
subscriptions = subscription_tables(metadata)
encryption_keys = encryption_key_table(metadata)
imported_rows = imported_row_table(metadata)
idempotency = idempotency_table(metadata)
job = job_table(metadata)
participant = participant_table(metadata)
seed = seed_table(metadata)
rate_limit = rate_limit_table(metadata)

_OF_LOCATION = {"location_id": "location"}
protect(
    metadata,
    "risk",
    parents=dict.fromkeys(
        ("complaint", "fact", "inspection", "measure", "score", "violation"), _OF_LOCATION
    ),
)
