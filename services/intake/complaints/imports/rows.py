"""A complaint as another system kept it."""

from pydantic import AwareDatetime, Field

from services.intake.complaints.domain.complaint import Channel
from services.intake.reporters.domain import Reporter
from services.intake.reporters.schemas import Email, PersonName, Phone
from shared.contracts.base import Address, Participant
from shared.contracts.intake import Outcome, Urgency
from shared.geo import LATITUDES, LONGITUDES, Point
from shared.http.schema import LongText, Postcode, Text
from shared.imports import ImportRow


class ComplaintRow(ImportRow):
    """A complaint as another system kept it."""

    received_at: AwareDatetime
    category: str
    description: LongText = "Geen omschrijving"
    occurred_at: AwareDatetime | None = None
    channel: Channel = Channel.WEB
    urgency: Urgency = Urgency.NORMAL
    longitude: float | None = Field(None, ge=LONGITUDES[0], le=LONGITUDES[1])
    latitude: float | None = Field(None, ge=LATITUDES[0], le=LATITUDES[1])
    street: Text | None = None
    house_number: str | None = Field(None, max_length=20)
    postcode: Postcode | None = None
    city: Text | None = None
    place_description: Text | None = None
    supposed_source: Text | None = None
    participant: Participant | None = None
    location_number: str | None = None
    # The key of the location in the same source.
    location_key: str | None = None
    incident_key: str | None = None
    first_contact_at: AwareDatetime | None = None
    outcome: Outcome | None = None
    cause: str | None = None
    explanation: LongText | None = None
    assessed_at: AwareDatetime | None = None
    closed_at: AwareDatetime | None = None
    reporter_name: PersonName | None = None
    reporter_phone: Phone | None = None
    reporter_email: Email | None = None

    def point(self) -> Point | None:
        """The place, where both coordinates are known."""
        if self.longitude is None or self.latitude is None:
            return None
        return Point(self.longitude, self.latitude)

    def address(self) -> Address | None:
        """The address, as far as it is known."""
        address = Address(**self.model_dump(include=set(Address.model_fields)))
        return None if address == Address() else address

    def reporter(self) -> Reporter:
        """Who complained."""
        return Reporter(self.reporter_name, self.reporter_phone, self.reporter_email)
