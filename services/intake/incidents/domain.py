"""An incident: what happened at a location, for which one or many people complained."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.contracts.intake import IncidentRegistered, InspectionRequested, Urgency
from shared.errors import Conflict, NotAllowed


class IncidentState(StrEnum):
    """Whether complaints may still join."""

    RUNNING = "lopend"
    CONCLUDED = "afgesloten"


class Perpetrator(StrEnum):
    """Indicatie veroorzaker (CIm VTH FLo): named by a complainant, or established by the agency."""

    REPORTED = "gemeld"
    VERIFIED = "geverifieerd"


@dataclass(frozen=True, slots=True)
class Incident:
    """One event at one location."""

    id: UUID
    number: str
    version: int
    state: IncidentState
    category: str
    location_id: UUID
    participant: str | None
    perpetrator: Perpetrator
    started_at: datetime
    concluded_at: datetime | None = None


def register(incident: Incident) -> IncidentRegistered:
    """What the world may know of a new incident."""
    return IncidentRegistered(
        version=incident.version,
        participant=incident.participant,
        incident_id=incident.id,
        incident_number=incident.number,
        category=incident.category,
        location_id=incident.location_id,
        started_at=incident.started_at,
    )


def join(incident: Incident, location_id: UUID, occurred_at: datetime) -> Incident:
    """Let one more complaint in; the incident began when the first of them noticed.

    Raises Conflict when it is over, or happened elsewhere.
    """
    if incident.state is not IncidentState.RUNNING:
        raise Conflict(f"Incident {incident.number} is afgesloten: registreer een nieuw incident.")
    if incident.location_id != location_id:
        raise Conflict(f"Incident {incident.number} hoort bij een andere locatie.")
    started_at = min(incident.started_at, occurred_at)
    return replace(incident, started_at=started_at, version=incident.version + 1)


def request_inspection(
    incident: Incident, *, request_id: UUID, urgency: Urgency, complaints: int, now: datetime
) -> tuple[Incident, InspectionRequested]:
    """Ask enforcement to go and see. Raises NotAllowed when the incident is over."""
    if incident.state is not IncidentState.RUNNING:
        raise NotAllowed(
            f"Incident {incident.number} is afgesloten", article="controle naar aanleiding van"
        )
    asked = replace(incident, version=incident.version + 1)
    return asked, InspectionRequested(
        version=asked.version,
        participant=asked.participant,
        incident_id=asked.id,
        incident_number=asked.number,
        category=asked.category,
        location_id=asked.location_id,
        request_id=request_id,
        urgency=urgency,
        complaints=complaints,
        requested_at=now,
    )


def verified(incident: Incident) -> Incident:
    """A justified complaint proves the perpetrator; once proven it stays so."""
    if incident.perpetrator is Perpetrator.VERIFIED:
        return incident
    return replace(incident, perpetrator=Perpetrator.VERIFIED, version=incident.version + 1)


def settled(incident: Incident, open_complaints: int, now: datetime) -> Incident:
    """Concluded when the last complaint is answered, running again when one is reopened."""
    done = open_complaints == 0
    if done == (incident.state is IncidentState.CONCLUDED):
        return incident
    return replace(
        incident,
        state=IncidentState.CONCLUDED if done else IncidentState.RUNNING,
        concluded_at=now if done else None,
        version=incident.version + 1,
    )
