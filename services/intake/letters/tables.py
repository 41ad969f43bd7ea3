"""Letters to complainants: sealed with the key of the complaint."""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, Uuid, text

from services.intake.letters.domain.mail import MailKind, MailState
from services.intake.metadata import metadata
from shared.db.columns import moment, one_of

# The job that sends a letter has its id; state, attempts and error are what came of that job.
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
    moment("sent_at", nullable=True),
    one_of("kind", MailKind, "outgoing_mail_kind"),
    one_of("state", MailState, "outgoing_mail_state"),
)
Index("outgoing_mail_complaint", outgoing_mail.c.complaint_id)
Index("outgoing_mail_state", outgoing_mail.c.state, outgoing_mail.c.created_at, outgoing_mail.c.id)
