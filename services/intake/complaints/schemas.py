"""A complaint on the wire: as it comes in, as it is read, and what is done to it."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.complaints.commands.answering import (
    AssessComplaint,
    CloseComplaint,
    ForwardComplaint,
    NoteContact,
    ReopenComplaint,
)
from services.intake.complaints.commands.linking import LinkComplaint
from services.intake.complaints.commands.receiving import ReceiveComplaint
from services.intake.complaints.domain.complaint import (
    TRANSITIONS,
    AnswerWay,
    Channel,
    Complaint,
    State,
)
from services.intake.complaints.domain.contact import ContactKind, Party
from services.intake.complaints.queries import ComplaintRow, ContactRow
from services.intake.locations.schemas import AddressIn
from services.intake.reference.schemas import Code
from services.intake.reporters.schemas import ReporterIn
from shared.contracts.intake import Outcome, Urgency
from shared.http.schema import (
    Day,
    Flag,
    Instant,
    LongText,
    Participant,
    PointIn,
    PointOut,
    Text,
    Whole,
    Wire,
)

Cause = Annotated[Code | None, Field(description="Code uit /oorzaken; verplicht bij gegrond")]


class ComplaintIn(Wire, validate_by_name=False):
    """Een klacht zoals die binnenkomt.

    Van geometrie, adres, plaatsomschrijving en locatieId is er ten minste een ingevuld.
    """

    category: Code = Field(description="Code uit /categorieen")
    description: LongText
    channel: Channel
    urgency: Urgency = Urgency.NORMAL
    occurred_at: Instant | None = Field(None, description="Wanneer de overlast was; leeg: nu")
    place: PointIn | None = Field(None, description="Waar de overlast wordt ervaren")
    address: AddressIn | None = None
    place_description: Text | None = None
    supposed_source: Text | None = Field(
        None, description="Waar de overlast vandaan lijkt te komen"
    )
    participant: Participant | None = None
    location_id: UUID | None = None
    reporter: ReporterIn | None = Field(None, description="Leeg: anoniem")
    wants_feedback: Flag = False
    wants_call: Flag = False

    @model_validator(mode="after")
    def _placed(self) -> Self:
        places = (self.place, self.address, self.place_description, self.location_id)
        if all(place is None for place in places):
            raise PydanticCustomError(
                "plaats", "Vul een punt, een adres of een omschrijving van de plaats in"
            )
        return self

    def command(self) -> ReceiveComplaint:
        """What is reported."""
        return ReceiveComplaint(
            category=self.category,
            description=self.description,
            channel=self.channel,
            urgency=self.urgency,
            occurred_at=self.occurred_at,
            point=self.place.point() if self.place else None,
            address=self.address.address() if self.address else None,
            place_description=self.place_description,
            supposed_source=self.supposed_source,
            participant=self.participant,
            location_id=self.location_id,
            reporter=(self.reporter.reporter() or None) if self.reporter else None,
            wants_feedback=self.wants_feedback,
            wants_call=self.wants_call,
        )


class ReceiptOut(Wire):
    """Het ontvangstbewijs van een klacht."""

    id: UUID
    number: str
    version: Whole
    state: State
    received_at: Instant
    contact_due: Day
    feedback_due: Day

    @classmethod
    def of(cls, taken: Complaint) -> Self:
        """From the complaint that was taken in."""
        return cls(
            id=taken.id,
            number=taken.number,
            version=taken.version,
            state=taken.state,
            received_at=taken.received_at,
            contact_due=taken.contact_due,
            feedback_due=taken.feedback_due,
        )


class ComplaintOut(Wire):
    """Een klacht. Wie er klaagde staat er niet bij: zie /melder."""

    id: UUID
    number: str
    version: Whole
    state: State
    next_states: list[State]
    category: str
    channel: Channel
    urgency: Urgency
    description: str
    received_at: Instant
    occurred_at: Instant
    place: PointOut | None
    address: AddressIn | None
    place_description: str | None
    supposed_source: str | None
    participant: str | None
    location_id: UUID | None
    location_name: str | None
    incident_id: UUID | None
    incident_number: str | None
    handler: str | None
    handler_name: str | None
    anonymous: bool
    wants_feedback: bool
    wants_call: bool
    contact_due: Day
    feedback_due: Day
    first_contact_at: Instant | None
    outcome: Outcome | None
    cause: str | None
    explanation: str | None
    assessed_at: Instant | None
    closed_at: Instant | None
    within_term: bool | None
    forwarded_to: str | None

    @classmethod
    def of(cls, row: ComplaintRow) -> Self:
        """From a row."""
        address = {name: getattr(row, name) for name in AddressIn.model_fields}
        made = {"next_states", "place", "address"}
        plain = {name: getattr(row, name) for name in cls.model_fields if name not in made}
        return cls(
            **plain,
            next_states=[target for target, _ in TRANSITIONS.next(row.state)],
            place=PointOut.of(row.lon, row.lat),
            address=AddressIn.model_construct(**address) if any(address.values()) else None,
        )


class LinkIn(Wire, validate_by_name=False):
    """Waar het was; zonder incident wordt een nieuw incident geregistreerd."""

    location_id: UUID
    incident_id: UUID | None = None

    def command(self, complaint_id: UUID, version: int | None) -> LinkComplaint:
        """What is asked."""
        return LinkComplaint(complaint_id, version, self.location_id, self.incident_id)


class ContactIn(Wire, validate_by_name=False):
    """Een gesprek of bericht."""

    party: Party = Party.REPORTER
    kind: ContactKind
    note: LongText

    def command(self, complaint_id: UUID, version: int | None) -> NoteContact:
        """What is asked."""
        return NoteContact(complaint_id, version, self.party, self.kind, self.note)


class ContactOut(Wire):
    """Een contactmoment."""

    id: UUID
    party: Party
    kind: ContactKind
    note: str
    actor: str
    at: Instant

    @classmethod
    def of(cls, row: ContactRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AssessmentIn(Wire, validate_by_name=False):
    """Wat de dienst heeft vastgesteld."""

    outcome: Outcome
    cause: Cause = None
    explanation: LongText

    def command(self, complaint_id: UUID, version: int | None) -> AssessComplaint:
        """What is asked."""
        return AssessComplaint(complaint_id, version, self.outcome, self.cause, self.explanation)


class ClosingIn(Wire, validate_by_name=False):
    """Hoe de melder antwoord krijgt."""

    way: AnswerWay

    def command(self, complaint_id: UUID, version: int | None) -> CloseComplaint:
        """What is asked."""
        return CloseComplaint(complaint_id, version, self.way)


class ForwardIn(Wire, validate_by_name=False):
    """Naar welk bevoegd gezag."""

    forwarded_to: Text

    def command(self, complaint_id: UUID, version: int | None) -> ForwardComplaint:
        """What is asked."""
        return ForwardComplaint(complaint_id, version, self.forwarded_to)


class ReasonIn(Wire, validate_by_name=False):
    """Waarom."""

    reason: LongText

    def command(self, complaint_id: UUID, version: int | None) -> ReopenComplaint:
        """What is asked."""
        return ReopenComplaint(complaint_id, version, self.reason)
