"""Incidents and the inspections asked for, on the wire."""

from typing import Self
from uuid import UUID

from services.intake.incidents.commands import RequestInspection
from services.intake.incidents.domain import IncidentState, Perpetrator
from services.intake.incidents.queries import IncidentRow, RequestRow
from shared.contracts.intake import Urgency
from shared.http.schema import Instant, LongText, Whole, Wire


class InspectionRequestIn(Wire, validate_by_name=False):
    """Waarom iemand moet gaan kijken."""

    urgency: Urgency = Urgency.NORMAL
    reason: LongText

    def command(self, incident_id: UUID, version: int) -> RequestInspection:
        """What is asked."""
        return RequestInspection(incident_id, version, self.urgency, self.reason)


class InspectionRequestOut(Wire):
    """Een controleverzoek."""

    id: UUID
    incident_id: UUID
    urgency: Urgency
    reason: str
    actor: str
    requested_at: Instant

    @classmethod
    def of(cls, row: RequestRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


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
    def of(cls, row: IncidentRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
