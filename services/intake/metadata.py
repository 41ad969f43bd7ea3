"""What all tables of intake share: the metadata, and columns that come back."""

from sqlalchemy import (
    MetaData,
    Sequence,
)

from shared.db.seeds import seed_table
from shared.documents.tables import documents_table
from shared.encryption_keys import encryption_key_table
from shared.http.idempotency import idempotency_table
from shared.http.rate_limit_storage import rate_limit_table
from shared.imports import imported_row_table
from shared.jobs.tables import job_table
from shared.messaging.tables import messaging_tables
from shared.participants import participant_table
from shared.webhooks.tables import subscription_tables

metadata = MetaData()
messaging = messaging_tables(metadata)
subscriptions = subscription_tables(metadata)
encryption_keys = encryption_key_table(metadata)
imported_rows = imported_row_table(metadata)
idempotency = idempotency_table(metadata)
job = job_table(metadata)
seed = seed_table(metadata)
rate_limit = rate_limit_table(metadata)
document = documents_table(metadata)
participant = participant_table(metadata)

complaint_number = Sequence("complaint_number", metadata=metadata)
incident_number = Sequence("incident_number", metadata=metadata)
