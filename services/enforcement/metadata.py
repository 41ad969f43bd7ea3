"""What all tables of enforcement share: the metadata, and columns that come back."""

from typing import Final

from sqlalchemy import Integer, MetaData, Sequence, literal_column

from shared.db.seeds import seed_table
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
participant = participant_table(metadata)

inspection_number = Sequence("inspection_number", metadata=metadata)
violation_number = Sequence("violation_number", metadata=metadata)
measure_number = Sequence("measure_number", metadata=metadata)


# The work order of what is open lies below this, that of what is finished above.
OPEN_BELOW: Final = literal_column("500000", Integer)


def work_order(is_open: str, due: str, done: str) -> str:
    """Open things by what is due first, then finished ones, the latest first: one number."""
    since = "DATE '1990-01-01'"
    return f"CASE WHEN {is_open} THEN {due} - {since} ELSE 1000000 - ({done} - {since}) END"
