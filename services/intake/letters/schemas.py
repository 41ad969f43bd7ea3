"""Letters on the wire."""

from typing import Self
from uuid import UUID

from services.intake.letters.domain.mail import MailKind, MailState
from services.intake.letters.queries import MailRow
from shared.http.schema import Instant, Whole, Wire


class MailOut(Wire):
    """Een uitgaand bericht, zonder inhoud of ontvanger."""

    id: UUID
    complaint_id: UUID
    number: str
    kind: MailKind
    state: MailState
    attempts: Whole
    last_error: str | None
    created_at: Instant
    sent_at: Instant | None

    @classmethod
    def of(cls, row: MailRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
