"""What all tables of risk share."""

from typing import Final

from sqlalchemy import MetaData

from shared.kernel_tables import kernel_tables
from shared.participants import participant_table

metadata: Final = MetaData()
messaging, idempotency = kernel_tables(metadata)
participant: Final = participant_table(metadata)
