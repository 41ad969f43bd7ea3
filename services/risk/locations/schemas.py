"""Locations and activities on the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.risk.locations.activities import ActivityRow
from services.risk.locations.commands import ChangeLocation, LocationData, RegisterLocation
from services.risk.locations.queries import LocationRow
from services.risk.locations.timeline import EntryRow
from shared.contracts.base import Address
from shared.contracts.risk import RiskClass
from shared.geo import Point, System, coordinates
from shared.http.schema import (
    Day,
    Flag,
    Instant,
    Participant,
    PointIn,
    PointOut,
    Postcode,
    Text,
    Whole,
    Wire,
)

Code = Annotated[str, StringConstraints(pattern=r"^3\.\d{1,2}\.\d{1,2}$")]
HouseNumber = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z -]{1,20}$")]
Number = Annotated[float, Field(description="Getal met ten hoogste 4 decimalen")]


class AddressIn(Wire, validate_by_name=False):
    """Een adres uit de BAG; delen mogen ontbreken."""

    street: Text | None = None
    house_number: HouseNumber | None = None
    postcode: Postcode | None = None
    city: Text | None = None


class LocationIn(Wire, validate_by_name=False):
    """Een locatie (VTH-object) zoals die wordt vastgelegd."""

    name: Text
    participant: Participant
    place: PointIn = Field(description="Plaats in CRS84: lengtegraad, breedtegraad")
    address: AddressIn = Field(default_factory=AddressIn)
    activities: Annotated[list[Code], Field(max_length=50)] = Field(
        default_factory=list, description="Paragrafen uit hoofdstuk 3 van het Bal"
    )
    core_activity: Code | None = Field(
        default=None, description="Een van de activiteiten; zonder keuze is het de eerste"
    )
    active: Flag = True

    def registration(self) -> RegisterLocation:
        """The command to register it."""
        return RegisterLocation(self._data())

    def change(self, location_id: UUID, version: int) -> ChangeLocation:
        """The command to replace what is recorded."""
        return ChangeLocation(location_id, version, self._data())

    def _data(self) -> LocationData:
        return LocationData(
            name=self.name,
            participant=self.participant,
            place=self.place.point(),
            address=Address(**self.address.model_dump(by_alias=False)),
            activities=tuple(dict.fromkeys(self.activities)),
            core_activity=self.core_activity,
            active=self.active,
        )


class AddressOut(Wire):
    """Een adres."""

    street: str | None
    house_number: str | None
    postcode: str | None
    city: str | None


class LocationOut(Wire):
    """Een locatie met haar huidige risicoscore."""

    id: UUID
    number: str
    version: Whole
    name: str
    participant: str
    address: AddressOut
    place: PointOut
    activities: list[str]
    core_activity: str | None
    active: Flag
    source_key: str | None
    score: Number
    risk_class: RiskClass
    model_version: str | None
    last_inspection: Day | None
    extra_inspection: Flag

    @classmethod
    def of(cls, row: LocationRow, system: System = System.CRS84) -> Self:
        """From a row, in the system that was asked for."""
        place = coordinates(Point(row.lon, row.lat), (row.rd_x, row.rd_y), system)
        same = cls.model_fields.keys() - {"address", "place", "activities", "score"}
        return cls(
            address=AddressOut.model_validate(row, from_attributes=True),
            place=PointOut(coordinates=place),
            activities=list(row.activities),
            score=float(row.score),
            **{name: getattr(row, name) for name in same},
        )


class EntryOut(Wire):
    """Een regel van de tijdlijn."""

    at: Instant
    what: str
    reference: str | None

    @classmethod
    def of(cls, row: EntryRow) -> Self:
        """From a row."""
        return cls(at=row.at, what=row.what, reference=row.reference)


class ActivityOut(Wire):
    """Een milieubelastende activiteit uit het Bal."""

    code: str
    name: str
    first_article: str | None
    permit: str = Field(description="Of een omgevingsvergunning nodig is, en wanneer")
    in_force: Flag = Field(description="Nee: een kop zonder artikelen")
    remark: str | None
    law_date: Day

    @classmethod
    def of(cls, row: ActivityRow) -> Self:
        """From a row."""
        return cls(**row._asdict())
