"""Who complained: sealed with a key per complaint, as are the letters to them.

Deleting the key row erases the person, also in backups but those of the key (docs/adr, 6).
"""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, Table, Text, Uuid

from services.intake.metadata import metadata
from services.intake.reporters.domain import ProcessingAct
from shared.db.columns import moment, one_of

reporter = Table(
    "reporter",
    metadata,
    Column("complaint_id", Uuid, ForeignKey("complaint.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

reporter_key = Table(
    "reporter_key",
    metadata,
    Column("complaint_id", Uuid, ForeignKey("complaint.id"), primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

processing = Table(
    "processing",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, nullable=False),
    Column("act", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("actor", Text, nullable=False),
    moment("at"),
    one_of("act", ProcessingAct, "processing_act"),
)
Index("processing_complaint", processing.c.complaint_id, processing.c.at)
