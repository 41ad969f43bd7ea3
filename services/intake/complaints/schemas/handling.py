"""What is done to a complaint, on the wire."""

from typing import Self
from uuid import UUID

from pydantic import Field

from services.intake.complaints.domain.complaint import AnswerWay
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.letters.domain.mail import MailKind, MailState
from services.intake.reporters.domain import ProcessingAct, Purpose
from services.intake.reporters.schemas import Code
from shared.contracts.intake import Outcome
from shared.db.rows import Row
from shared.http.schema import Instant, LongText, Text, Whole, Wire


class LinkIn(Wire):
    """Waar het was; zonder incident wordt een nieuw incident geregistreerd."""

    location_id: UUID
    incident_id: UUID | None = None


class ContactIn(Wire):
    """Een gesprek of bericht."""

    party: Party = Party.REPORTER
    kind: ContactKind
    note: LongText


class ContactOut(Wire):
    """Een contactmoment."""

    id: UUID
    party: Party
    kind: ContactKind
    note: str
    actor: str
    at: Instant


class AssessmentIn(Wire):
    """Wat de dienst heeft vastgesteld."""

    outcome: Outcome
    cause: Code | None = Field(None, description="Code uit /oorzaken; verplicht bij gegrond")
    explanation: LongText


class ClosingIn(Wire):
    """Hoe de melder antwoord krijgt."""

    way: AnswerWay


class ForwardIn(Wire):
    """Naar welk bevoegd gezag."""

    forwarded_to: Text


class ReasonIn(Wire):
    """Waarom."""

    reason: LongText


class EntryOut(Wire):
    """Een regel op de tijdlijn."""

    at: Instant
    heading: str
    explanation: str | None
    link: str | None
    actor: str | None

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row of the views."""
        return cls(
            at=row["at"],
            heading=row["title"],
            explanation=row["detail"],
            link=row["link"],
            actor=row["actor"],
        )


class ProcessingOut(Wire):
    """Een verwerking van persoonsgegevens."""

    act: ProcessingAct
    purpose: Purpose
    actor: str
    at: Instant


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
