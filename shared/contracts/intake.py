"""Events of intake: complaints and incidents."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.base import Event, Open, Place


class Urgency(StrEnum):
    """How fast the agency must act."""

    NORMAL = "normaal"
    HIGH = "hoog"
    EMERGENCY = "spoed"


class Outcome(StrEnum):
    """What the agency established of a complaint."""

    JUSTIFIED = "gegrond"
    UNJUSTIFIED = "ongegrond"
    UNVERIFIABLE = "niet vast te stellen"
    FOR_INFORMATION = "ter kennisgeving"


class _Complaint(Event):
    service: ClassVar[str] = "intake"
    resource: ClassVar[str] = "klachten"

    complaint_id: UUID
    number: str
    category: str
    received_at: datetime

    @property
    def subject(self) -> UUID:
        return self.complaint_id


class ComplaintReceived(_Complaint):
    """A complaint came in. Its location is not known yet, unless it was chosen at once."""

    type: ClassVar[str] = "nl.vth.klachten.klacht-ontvangen"

    channel: str
    urgency: Open[Urgency]
    occurred_at: datetime
    place: Place | None = None
    location_id: UUID | None = None
    # The name of the system that it came from, and its key there.
    source_key: str | None = None


class ComplaintLinked(_Complaint):
    """An officer linked the complaint to a location and an incident."""

    type: ClassVar[str] = "nl.vth.klachten.klacht-gekoppeld"

    location_id: UUID
    incident_id: UUID
    previous_location_id: UUID | None = None


class ComplaintAssessed(_Complaint):
    """The agency established whether the complaint is justified."""

    type: ClassVar[str] = "nl.vth.klachten.klacht-beoordeeld"

    location_id: UUID | None = None
    incident_id: UUID | None = None
    outcome: Open[Outcome]
    cause: str | None = None
    assessed_at: datetime


class ComplaintClosed(_Complaint):
    """The complainant was answered and the complaint is closed."""

    type: ClassVar[str] = "nl.vth.klachten.klacht-afgehandeld"

    location_id: UUID | None = None
    closed_at: datetime
    within_term: bool


class ComplaintReopened(_Complaint):
    """A finished complaint was taken up again: it is open, and its assessment no longer holds."""

    type: ClassVar[str] = "nl.vth.klachten.klacht-heropend"

    location_id: UUID | None = None
    reopened_at: datetime


class _Incident(Event):
    service: ClassVar[str] = "intake"
    resource: ClassVar[str] = "incidenten"

    incident_id: UUID
    incident_number: str
    category: str
    location_id: UUID

    @property
    def subject(self) -> UUID:
        return self.incident_id


class IncidentRegistered(_Incident):
    """An incident was registered, to which complaints are linked."""

    type: ClassVar[str] = "nl.vth.incidenten.incident-geregistreerd"

    started_at: datetime


class InspectionRequested(_Incident):
    """An officer asks for an inspection because of an incident."""

    type: ClassVar[str] = "nl.vth.incidenten.controle-gevraagd"

    request_id: UUID
    urgency: Open[Urgency]
    complaints: int
    requested_at: datetime
