"""Addresses and locations, on the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field

from services.intake.locations.queries import Candidate
from shared.contracts.base import Address
from shared.http.schema import PointOut, Postcode, Text, Whole, Wire, text


class AddressIn(Wire, validate_by_name=False):
    """Het adres waar de overlast is; delen mogen ontbreken."""

    street: Text | None = None
    house_number: Annotated[str, text(20)] | None = None
    postcode: Postcode | None = None
    city: Text | None = None

    def address(self) -> Address:
        """The address as in the contracts."""
        return Address(
            street=self.street,
            house_number=self.house_number,
            postcode=self.postcode,
            city=self.city,
        )


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
    def of(cls, found: Candidate) -> Self:
        """From a row."""
        row = found.location
        return cls(
            id=row.id,
            number=row.number,
            name=row.name,
            address=AddressIn.model_construct(
                street=row.street,
                house_number=row.house_number,
                postcode=row.postcode,
                city=row.city,
            ),
            place=PointOut(coordinates=(row.lon, row.lat)),
            participant=row.participant,
            activities=row.activities,
            distance=found.distance,
        )
