"""Who complained, and the letters to them: sealed with a key per complaint.

Deleting the key row erases the person, in every backup as well.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text

from services.intake.letters.domain.mail import MailKind, MailState
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

outgoing_mail = Table(
    "outgoing_mail",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("complaint_id", Uuid, ForeignKey("complaint.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("last_error", Text),
    moment("created_at"),
    moment("next_attempt_at", nullable=True),
    moment("sent_at", nullable=True),
    one_of("kind", MailKind, "outgoing_mail_kind"),
    one_of("state", MailState, "outgoing_mail_state"),
)
Index("outgoing_mail_complaint", outgoing_mail.c.complaint_id)
Index(
    "outgoing_mail_waiting",
    outgoing_mail.c.next_attempt_at,
    postgresql_where=outgoing_mail.c.state == MailState.WAITING.value,
)
Index(
    "outgoing_mail_failed",
    outgoing_mail.c.created_at,
    postgresql_where=outgoing_mail.c.state == MailState.FAILED.value,
)
