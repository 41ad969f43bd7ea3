"""A complaint on the wire: as it comes in, and as it is read."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.intake.complaints.commands.receiving import ReceiveComplaint
from services.intake.complaints.domain.complaint import TRANSITIONS, Channel, State
from services.intake.reporters.schemas import AddressIn, Code, ReporterIn
from shared.auth.caller import Caller
from shared.contracts.intake import Outcome, Urgency
from shared.db.rows import Row
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


class ComplaintIn(Wire):
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

    def command(self, caller: Caller | None) -> ReceiveComplaint:
        """What the handler is asked to do."""
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
            caller=caller,
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
    def of(cls, row: Row) -> Self:
        """From a row of the views."""
        state = State(row["state"])
        address = {name: row[name] for name in AddressIn.model_fields}
        plain = {name: row[name] for name in cls.model_fields if name in row}
        return cls.model_validate(
            {
                **plain,
                "next_states": [target for target, _ in TRANSITIONS.next(state)],
                "place": PointOut.of(row["lon"], row["lat"]),
                "address": AddressIn.model_construct(**address) if any(address.values()) else None,
            }
        )
