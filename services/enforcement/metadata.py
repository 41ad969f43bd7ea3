"""What all tables of enforcement share: the metadata, and columns that come back."""

from typing import Final

from sqlalchemy import Integer, MetaData, Sequence, literal_column

from shared.kernel_tables import kernel_tables
from shared.participants import participant_table

metadata = MetaData()
messaging, idempotency = kernel_tables(metadata)
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
