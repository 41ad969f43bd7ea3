"""A complaint gets a location, an incident and somebody who handles it."""

from dataclasses import dataclass, replace
from uuid import UUID

from services.intake.complaints import store
from services.intake.complaints.domain import complaint as rules
from services.intake.complaints.domain.complaint import Complaint, Officer
from services.intake.context import Ctx
from services.intake.incidents import commands as incidents
from services.intake.incidents.commands import Occurrence
from services.intake.locations import queries as locations
from services.intake.timeline.commands import Note, note
from shared.auth.caller import Caller
from shared.errors import unknown
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class LinkComplaint:
    """Where it was; without an incident a new one is registered."""

    complaint_id: UUID
    version: int | None
    location_id: UUID
    incident_id: UUID | None
    # Of a new incident that is imported: its key in the source system.
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class AssignComplaint:
    """The caller wants to handle the complaint."""

    complaint_id: UUID
    version: int | None


def officer_of(caller: Caller) -> Officer:
    """The officer behind a token."""
    return Officer(caller.subject, caller.name)


async def link(command: LinkComplaint, ctx: Ctx) -> Complaint:
    """Link a complaint to a location and an incident. Raises Refused."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    complaint = await store.lock(ctx.work, command.complaint_id, ctx.sight, version=command.version)
    location = await locations.first(ctx.rows, command.location_id, ctx.sight)
    if location is None:
        raise unknown("location_id", "Kies een locatie die bij de dienst bekend is.")
    left = None if complaint.incident_id == command.incident_id else complaint.incident_id
    if left is not None:
        both = [left] if command.incident_id is None else [left, command.incident_id]
        await incidents.lock_in_order(both, ctx)
    incident = await incidents.join(
        Occurrence(
            incident_id=command.incident_id,
            location_id=location.id,
            participant=location.participant,
            category=complaint.category,
            occurred_at=complaint.occurred_at,
            source_key=command.source_key,
        ),
        ctx,
    )
    linked, event = rules.link(
        complaint,
        location_id=location.id,
        participant=location.participant,
        incident_id=incident.id,
        officer=officer_of(ctx.caller),
    )
    if ctx.source is not None:
        # Nobody here handles what another system linked.
        linked = replace(linked, handler=complaint.handler, handler_name=complaint.handler_name)
    store.save(ctx.work, linked)
    if left is not None:
        await incidents.settle(left, ctx)
    told = Note(
        title=f"Gekoppeld aan {location.name}",
        by=ctx.caller.name,
        complaint_id=linked.id,
        detail=f"Incident {incident.number}",
        link=f"/intake/incidenten/{incident.id}",
    )
    note(told, ctx.work)
    ctx.work.publish(event)
    return linked


async def assign(command: AssignComplaint, ctx: Ctx) -> Complaint:
    """The caller takes the complaint. Raises Refused."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    complaint = await store.lock(ctx.work, command.complaint_id, ctx.sight, version=command.version)
    taken = rules.assign(complaint, officer_of(ctx.caller))
    store.save(ctx.work, taken)
    name = ctx.caller.name
    note(Note(title=f"Behandelaar: {name}", by=name, complaint_id=taken.id), ctx.work)
    return taken
