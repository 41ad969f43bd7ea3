"""Incidents: registered and joined by complaints, settled with them, and reason to inspect."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.context import Ctx
from services.intake.incidents import domain, queries, store
from services.intake.incidents.domain import Incident, IncidentState, Perpetrator
from services.intake.timeline.commands import Note, note
from shared.clock import local_date
from shared.contracts.intake import Urgency
from shared.db.unit_of_work import UnitOfWork
from shared.ids import new_id
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a complaint brings to an incident; without `incident_id` a new one is registered."""

    incident_id: UUID | None
    location_id: UUID
    participant: str | None
    category: str
    occurred_at: datetime
    source_key: str | None = None


@dataclass(frozen=True, slots=True)
class RequestInspection:
    """Why somebody should go and see."""

    incident_id: UUID
    version: int | None
    urgency: Urgency
    reason: str


@dataclass(frozen=True, slots=True)
class InspectionAsked:
    """The request, and the version that the incident has now."""

    request_id: UUID
    version: int


async def join(occurrence: Occurrence, ctx: Ctx) -> Incident:
    """Let the complaint in, or register what it is about. Raises NotFound, Conflict."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    if occurrence.incident_id is None:
        return await _registered(occurrence, ctx)
    found = await store.lock(ctx.work, occurrence.incident_id, ctx.sight)
    joined = domain.join(found, occurrence.location_id, occurrence.occurred_at)
    store.save(ctx.work, joined)
    return joined


async def lock_in_order(incident_ids: Iterable[UUID], ctx: Ctx) -> None:
    """Lock incidents that are about to change together; in one order, so that no two deadlock."""
    for incident_id in sorted(incident_ids):
        await store.lock(ctx.work, incident_id, ctx.sight)


async def _registered(occurrence: Occurrence, ctx: Ctx) -> Incident:
    year = local_date(occurrence.occurred_at).year
    incident = Incident(
        id=new_id(),
        number=await ctx.kit.incident_numbers.next(ctx.work, year),
        version=1,
        state=IncidentState.RUNNING,
        category=occurrence.category,
        location_id=occurrence.location_id,
        participant=occurrence.participant,
        perpetrator=Perpetrator.REPORTED,
        started_at=occurrence.occurred_at,
    )
    store.add(ctx.work, incident, source_key=occurrence.source_key)
    ctx.work.publish(domain.register(incident))
    return incident


async def verify(incident_id: UUID, ctx: Ctx) -> None:
    """A justified complaint proves the perpetrator."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    incident = await store.lock(ctx.work, incident_id, ctx.sight)
    verified = domain.verified(incident)
    if verified is not incident:
        store.save(ctx.work, verified)


async def settle(incident_id: UUID, ctx: Ctx) -> None:
    """Conclude the incident when none of its complaints is open; else it runs (again).

    They are counted under its lock: who closes another one meanwhile comes before or after.
    """
    ctx.require(Scope.COMPLAINTS_WRITE)
    incident = await store.lock(ctx.work, incident_id, ctx.sight)
    still_open = await queries.count_open_complaints(ctx.rows, incident.id)
    settled = domain.settled(incident, still_open, ctx.now)
    if settled is not incident:
        store.save(ctx.work, settled)


def keep_imported(incident: Incident, work: UnitOfWork, *, source_key: str | None) -> None:
    """Queue an incident of another system: with the key of its source when it is new here."""
    if source_key is None:
        store.save(work, incident)
    else:
        store.add(work, incident, source_key=source_key)


async def request_inspection(command: RequestInspection, ctx: Ctx) -> InspectionAsked:
    """Ask enforcement to inspect because of an incident. Raises Refused."""
    ctx.require(Scope.COMPLAINTS_WRITE)
    incident = await store.lock(ctx.work, command.incident_id, ctx.sight, version=command.version)
    request_id = new_id()
    asked, event = domain.request_inspection(
        incident,
        request_id=request_id,
        urgency=command.urgency,
        complaints=await queries.count_complaints(ctx.rows, incident.id),
        now=ctx.now,
    )
    store.add_request(
        ctx.work,
        request_id,
        incident.id,
        urgency=command.urgency,
        reason=command.reason,
        actor=ctx.caller.name,
    )
    store.save(ctx.work, asked)
    title = f"Controle gevraagd ({command.urgency})"
    told = Note(title=title, detail=command.reason, by=ctx.caller.name, incident_id=incident.id)
    note(told, ctx.work)
    ctx.work.publish(event)
    return InspectionAsked(request_id, asked.version)
