"""What all tables of intake share: the metadata, and columns that come back."""

from sqlalchemy import (
    MetaData,
    Sequence,
)

from shared.documents.tables import documents_table
from shared.kernel_tables import kernel_tables
from shared.participants import participant_table

metadata = MetaData()
messaging, idempotency = kernel_tables(metadata)
document = documents_table(metadata)
participant = participant_table(metadata)

complaint_number = Sequence("complaint_number", metadata=metadata)
incident_number = Sequence("incident_number", metadata=metadata)
