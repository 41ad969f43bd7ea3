"""The tables of the kernel that every service has in a database of its own."""

from typing import NamedTuple

from sqlalchemy import MetaData, Table

from shared.db.seeds import seed_table
from shared.encryption_keys import encryption_key_table
from shared.http.idempotency import idempotency_table
from shared.http.rate_limit_storage import rate_limit_table
from shared.imports import imported_row_table
from shared.jobs.tables import job_table
from shared.messaging.tables import MessagingTables, messaging_tables
from shared.webhooks.tables import subscription_tables


class KernelTables(NamedTuple):
    """Those that a service or its tests name."""

    messaging: MessagingTables
    idempotency: Table


def kernel_tables(metadata: MetaData) -> KernelTables:
    """Add them all to the metadata of a service."""
    kernel = KernelTables(messaging_tables(metadata), idempotency_table(metadata))
    subscription_tables(metadata)
    encryption_key_table(metadata)
    imported_row_table(metadata)
    job_table(metadata)
    seed_table(metadata)
    rate_limit_table(metadata)
    return kernel
