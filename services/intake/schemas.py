"""The wire models of intake."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.intake.domain.complaint import TRANSITIONS, AnswerWay, Channel, State
from services.intake.domain.contact import ContactKind, Party
from services.intake.domain.incident import IncidentState, Perpetrator
from services.intake.domain.post import MailKind, MailState
from services.intake.domain.reporter import ProcessingAct, Purpose, Reporter
from services.intake.handlers.receiving import ReceiveComplaint
from shared.auth.caller import Caller
from shared.contracts.base import Address
from shared.contracts.intake import Outcome, Urgency
from shared.http.wire import (
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
from shared.rows import Row

EMAIL = r"^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,5}$"
Email = Annotated[str, StringConstraints(max_length=254, pattern=EMAIL)]
Phone = Annotated[str, StringConstraints(pattern=r"^[0-9+() -]{6,20}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=r"^[a-z/ -]+$")]


class ReporterIn(Wire):
    """Wie er klaagt; alles mag leeg blijven."""

    name: Text | None = None
    phone: Phone | None = None
    email: Email | None = None
    reachable: Text | None = Field(None, description="Wanneer de melder te bereiken is")

    def reporter(self) -> Reporter:
        """The person as the rules see it."""
        return Reporter(self.name, self.phone, self.email, self.reachable)


class ReporterOut(Wire):
    """Wie er klaagde."""

    name: str | None
    phone: str | None
    email: str | None
    reachable: str | None


class AddressIn(Wire):
    """Het adres waar de overlast is; delen mogen ontbreken."""

    street: Text | None = None
    house_number: Annotated[str, StringConstraints(max_length=20)] | None = None
    postcode: Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{3} ?[A-Z]{2}$")] | None = None
    city: Text | None = None

    def address(self) -> Address:
        """The address as in the contracts."""
        return Address(
            street=self.street,
            house_number=self.house_number,
            postcode=self.postcode,
            city=self.city,
        )


def _one_place(schema: dict[str, Any]) -> None:
    """Say in the schema what the validator checks: one of these is filled in."""
    kinds = {"geometrie": "object", "adres": "object"}
    kinds |= {"plaatsomschrijving": "string", "locatieId": "string"}
    schema["anyOf"] = [
        {"required": [name], "properties": {name: {"type": kind}}} for name, kind in kinds.items()
    ]


class ComplaintIn(Wire):
    """Een klacht zoals die binnenkomt."""

    model_config = ConfigDict(json_schema_extra=_one_place)

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


class InspectionRequestIn(Wire):
    """Waarom iemand moet gaan kijken."""

    urgency: Urgency = Urgency.NORMAL
    reason: LongText


class InspectionRequestOut(Wire):
    """Een controleverzoek."""

    id: UUID
    incident_id: UUID
    urgency: Urgency
    reason: str
    actor: str
    requested_at: Instant


class IncidentOut(Wire):
    """Een incident, waarover een of meer klachten gaan."""

    id: UUID
    number: str
    version: Whole
    state: IncidentState
    category: str
    location_id: UUID
    location_name: str | None
    participant: str | None
    perpetrator: Perpetrator
    started_at: Instant
    concluded_at: Instant | None
    complaints: Whole

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row of the views."""
        return cls.model_validate({name: row[name] for name in cls.model_fields})


class CandidateOut(Wire):
    """Een locatie in de buurt."""

    id: UUID
    number: str
    name: str
    address: AddressIn
    place: PointOut
    participant: str | None
    activities: list[str]
    distance: Whole | None = Field(description="Afstand in meters")

    @classmethod
    def of(cls, row: Row) -> Self:
        """From a row of the views."""
        address = {name: row[name] for name in AddressIn.model_fields}
        plain = {name: row[name] for name in cls.model_fields if name in row}
        return cls.model_validate(
            {
                **plain,
                "address": AddressIn.model_construct(**address),
                "place": PointOut(coordinates=(row["lon"], row["lat"])),
            }
        )


class CategoryOut(Wire):
    """Een categorie of oorzaak zoals die nu geldt."""

    code: str
    name: str
    examples: str
    referral: str | None
    mapping: str | None
    valid_from: Day
    valid_until: Day | None
    confirmed: bool


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


def out(model: type[Wire], row: Row) -> Any:
    """A wire model from the row that has its names."""
    return model.model_validate({name: row[name] for name in model.model_fields})
