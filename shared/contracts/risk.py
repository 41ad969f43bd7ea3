"""Events of risk: locations and their scores."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.base import Address, Event, Place


class RiskClass(StrEnum):
    """The class of a score in the model that made it."""

    HIGH = "hoog"
    MEDIUM = "midden"
    LOW = "laag"


class LocationRegistered(Event):
    """The full state of a location, at its registration and at every change."""

    type: ClassVar[str] = "nl.vth.locaties.locatie-geregistreerd"
    service: ClassVar[str] = "risk"
    resource: ClassVar[str] = "locaties"

    location_id: UUID
    number: str
    name: str
    address: Address
    place: Place
    activities: tuple[str, ...]
    active: bool
    # The name of the system that it came from, and its key there.
    source_key: str | None = None

    @property
    def subject(self) -> UUID:
        return self.location_id


class RiskScored(Event):
    """A location was scored."""

    type: ClassVar[str] = "nl.vth.risicoscores.risicoscore-berekend"
    service: ClassVar[str] = "risk"
    resource: ClassVar[str] = "locaties"

    location_id: UUID
    score: Decimal
    risk_class: RiskClass
    model_version: str
    scored_at: datetime

    @property
    def subject(self) -> UUID:
        return self.location_id
