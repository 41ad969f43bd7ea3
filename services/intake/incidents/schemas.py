"""Incidents, inspections asked for, places and lists, on the wire."""

from typing import Self
from uuid import UUID

from pydantic import Field

from services.intake.incidents.domain import IncidentState, Perpetrator
from services.intake.reporters.schemas import AddressIn
from shared.contracts.intake import Urgency
from shared.db.rows import Row
from shared.http.schema import Day, Instant, LongText, PointOut, Whole, Wire


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
