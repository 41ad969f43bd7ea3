"""A complaint gets its place: a location, and an incident that others may complain of as well."""

from dataclasses import dataclass
from uuid import UUID

from services.intake.complaints import store as repository
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import Complaint, Officer
from services.intake.context import Desk
from services.intake.incidents import domain as incidents
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.tables import inspection_request
from shared.auth.caller import Caller
from shared.clock import local_date
from shared.contracts.intake import Urgency
from shared.db.rows import Row
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotFound
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Change:
    """Which complaint somebody wants to change, as they saw it."""

    complaint_id: UUID
    version: int | None
    caller: Caller


@dataclass(frozen=True, slots=True)
class LinkTo:
    """Where it was; without an incident a new one is registered."""

    location_id: UUID
    incident_id: UUID | None


@dataclass(frozen=True, slots=True)
class RequestInspection:
    """Why somebody should go and see."""

    incident_id: UUID
    version: int
    urgency: Urgency
    reason: str
    caller: Caller


async def locked_for(work: UnitOfWork, change: Change) -> Complaint:
    """The complaint, locked, if the caller may see it. Raises NotFound, VersionConflict."""
    found = await repository.lock_complaint(work, change.complaint_id)
    if not change.caller.sees(found.participant):
        raise NotFound("Deze klacht bestaat niet, of is niet voor u zichtbaar.")
    repository.require_version(found, change.version)
    return found


def officer_of(caller: Caller) -> Officer:
    """The officer behind a token."""
    return Officer(caller.subject, caller.name)


async def link(change: Change, to: LinkTo, work: UnitOfWork, desk: Desk) -> Complaint:
    """Link a complaint to a location and an incident. Raises Refused."""
    complaint = await locked_for(work, change)
    place = await repository.location_of(work, to.location_id)
    change.caller.require_participant(place["participant"])
    incident = await _incident(to, complaint, place, work, desk)
    linked, event = rules.link(
        complaint,
        location_id=place["id"],
        participant=place["participant"],
        incident_id=incident.id,
        officer=officer_of(change.caller),
    )
    repository.save_complaint(work, linked)
    repository.note(
        work,
        f"Gekoppeld aan {place['name']}",
        complaint_id=linked.id,
        detail=f"Incident {incident.number}",
        link=f"/intake/incidenten/{incident.id}",
        by=change.caller.name,
    )
    work.publish(event)
    return linked


async def _incident(
    to: LinkTo, complaint: Complaint, place: Row, work: UnitOfWork, desk: Desk
) -> Incident:
    if to.incident_id is None:
        return await _registered(complaint, place, work, desk)
    found = await repository.lock_incident(work, to.incident_id)
    joined = incidents.join(found, place["id"], complaint.occurred_at)
    repository.save_incident(work, joined)
    return joined


async def _registered(complaint: Complaint, place: Row, work: UnitOfWork, desk: Desk) -> Incident:
    year = local_date(complaint.occurred_at).year
    incident = Incident(
        id=new_id(),
        number=await desk.incident_numbers.next(work, year),
        version=1,
        state=IncidentState.RUNNING,
        category=complaint.category,
        location_id=place["id"],
        participant=place["participant"],
        perpetrator=Perpetrator.REPORTED,
        started_at=complaint.occurred_at,
    )
    repository.add_incident(work, incident)
    work.publish(incidents.register(incident))
    return incident


async def request_inspection(command: RequestInspection, work: UnitOfWork) -> tuple[Incident, UUID]:
    """Ask enforcement to inspect because of an incident. Raises Refused."""
    incident = await repository.lock_incident(work, command.incident_id)
    if not command.caller.sees(incident.participant):
        raise NotFound("Dit incident bestaat niet, of is niet voor u zichtbaar.")
    repository.require_version(incident, command.version)
    request_id = new_id()
    asked, event = incidents.request_inspection(
        incident,
        request_id=request_id,
        urgency=command.urgency,
        complaints=await repository.complaints_of(work, incident.id),
        now=work.now,
    )
    _keep_request(command, request_id, work)
    repository.save_incident(work, asked)
    work.publish(event)
    return asked, request_id


def _keep_request(command: RequestInspection, request_id: UUID, work: UnitOfWork) -> None:
    work.insert(
        inspection_request,
        {
            "id": request_id,
            "incident_id": command.incident_id,
            "urgency": command.urgency,
            "reason": command.reason,
            "actor": command.caller.name,
            "requested_at": work.now,
        },
    )
    repository.note(
        work,
        f"Controle gevraagd ({command.urgency})",
        incident_id=command.incident_id,
        detail=command.reason,
        by=command.caller.name,
    )


async def assign(change: Change, work: UnitOfWork) -> Complaint:
    """The caller takes the complaint. Raises Refused."""
    complaint = await locked_for(work, change)
    taken = rules.assign(complaint, officer_of(change.caller))
    repository.save_complaint(work, taken)
    title = f"Behandelaar: {change.caller.name}"
    repository.note(work, title, complaint_id=taken.id, by=change.caller.name)
    return taken
