"""Inspections: planned, filled with findings, completed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.enforcement.context import Ctx
from services.enforcement.inspections import domain, queries, store
from services.enforcement.inspections.domain import Finding, Inspection, InspectionState, Trigger
from services.enforcement.locations import queries as locations
from services.enforcement.locations.queries import LocationRow
from services.enforcement.measures import resolving
from services.enforcement.measures.resolving import ResolveViolation
from services.enforcement.policy import queries as policy
from services.enforcement.violations import commands as violations
from services.enforcement.violations import queries as violation_queries
from services.enforcement.violations.commands import EstablishViolation
from shared.contracts.enforcement import InspectionKind
from shared.contracts.intake import InspectionRequested
from shared.errors import NotAllowed, NotFound, conflict, unknown
from shared.ids import new_id
from shared.product.roles import Role, Scope


@dataclass(frozen=True, slots=True)
class PlanInspection:
    """Which inspection somebody wants, where and when."""

    kind: InspectionKind
    location_id: UUID
    planned_on: date | None = None
    incident_id: UUID | None = None
    violation_id: UUID | None = None
    explanation: str | None = None
    # Of an inspection that is imported: its key in the source system, and who held it.
    source_key: str | None = None
    inspector_name: str | None = None


@dataclass(frozen=True, slots=True)
class PlanReinspection:
    """A new look at a violation, today unless told otherwise."""

    violation_id: UUID
    planned_on: date | None = None


@dataclass(frozen=True, slots=True)
class PlanRequested:
    """The inspections that intake asks for."""

    requests: tuple[InspectionRequested, ...]


@dataclass(frozen=True, slots=True)
class AdoptInspections:
    """The participant of each of these locations, now that it is known."""

    participants: Mapping[UUID, str | None]


@dataclass(frozen=True, slots=True)
class RecordFinding:
    """What was found; at a re-inspection `new_violation` says that it is about something else."""

    inspection_id: UUID
    finding: Finding
    new_violation: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CorrectFinding:
    """What should stand instead, under the sequence of the finding."""

    inspection_id: UUID
    finding: Finding
    new_violation: bool = False
    version: int | None = None


@dataclass(frozen=True, slots=True)
class CompleteInspection:
    """The findings are final, today unless told otherwise."""

    inspection_id: UUID
    completed_on: date | None = None
    version: int | None = None


async def plan(command: PlanInspection, ctx: Ctx) -> Inspection:
    """Plan an inspection. Raises Refused."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    place = await locations.find(command.location_id, ctx.rows, ctx.sight)
    if place is None:
        raise unknown("location_id", "Kies een locatie die bij de dienst bekend is.")
    incident_id = await _incident(command, ctx)
    return await _plan(command, place, incident_id, ctx)


async def _incident(command: PlanInspection, ctx: Ctx) -> UUID | None:
    """A re-inspection belongs to the incident that the violation came of."""
    if command.violation_id is None:
        if command.kind is InspectionKind.REINSPECTION:
            raise conflict("violation_id", "verplicht", "Kies de overtreding van de hercontrole.")
        return command.incident_id
    found = await violation_queries.find(command.violation_id, ctx.rows, ctx.sight)
    if found is None:
        raise unknown("violation_id", "Deze overtreding is niet bekend.")
    if found.location_id != command.location_id:
        raise conflict("violation_id", "andere-locatie", "Deze overtreding was op een andere plek.")
    return command.incident_id or found.incident_id


async def _plan(
    command: PlanInspection, place: LocationRow, incident_id: UUID | None, ctx: Ctx
) -> Inspection:
    number = await ctx.kit.inspections.next(ctx.work, year_of(command, ctx))
    planned = new_inspection(command, place, incident_id, number, ctx)
    event = domain.plan(planned, command.source_key)
    store.add(ctx.work, planned, source_key=command.source_key)
    ctx.work.publish(event)
    return planned


def new_inspection(
    command: PlanInspection, place: LocationRow, incident_id: UUID | None, number: str, ctx: Ctx
) -> Inspection:
    """The inspection as it is planned, one at a time or many of another system at once."""
    inspector, inspector_name = _inspector(command, ctx)
    return Inspection(
        id=new_id(),
        number=number,
        version=1,
        state=InspectionState.PLANNED,
        kind=command.kind,
        trigger=domain.trigger_of(incident_id, command.violation_id),
        location_id=place.id,
        participant=place.participant,
        incident_id=incident_id,
        violation_id=command.violation_id,
        inspector=inspector,
        inspector_name=inspector_name,
        planned_on=command.planned_on,
        explanation=command.explanation,
    )


def _inspector(command: PlanInspection, ctx: Ctx) -> tuple[str | None, str | None]:
    """An inspector plans for himself; of what is imported the source tells who it was."""
    if ctx.source is not None:
        return None, command.inspector_name
    if Role.INSPECTOR in ctx.caller.roles:
        return ctx.caller.subject, ctx.caller.name
    return None, None


def year_of(command: PlanInspection, ctx: Ctx) -> int:
    """The year of its number: what is imported gets a number of its own year."""
    day = command.planned_on
    return ctx.today.year if ctx.source is None or day is None else day.year


async def plan_again(command: PlanReinspection, ctx: Ctx) -> Inspection:
    """Plan a re-inspection of a violation that is open. Raises Refused."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    found = await violation_queries.get(command.violation_id, ctx.rows, ctx.sight)
    if not found.open:
        raise NotAllowed("De overtreding is al hersteld", article="CIm VTH FLo: hersteldatum")
    planned = PlanInspection(
        kind=InspectionKind.REINSPECTION,
        location_id=found.location_id,
        planned_on=command.planned_on or ctx.today,
        violation_id=found.id,
    )
    return await plan(planned, ctx)


async def plan_requested(command: PlanRequested, ctx: Ctx) -> list[Inspection]:
    """Plan the inspections that intake asks for; a request is carried out once."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    asked = {request.request_id: request for request in command.requests}
    for request_id in await store.requested(ctx.rows, sorted(asked)):
        del asked[request_id]
    if not asked:
        return []
    places = sorted({request.location_id for request in asked.values()})
    participants = await locations.participants_of(places, ctx.rows)
    held = await policy.policy_on(ctx.today, ctx.rows)
    numbers = await ctx.kit.inspections.many(ctx.work, [ctx.today.year] * len(asked))
    planned = [
        _requested(
            request,
            number,
            request.participant or participants.get(request.location_id),
            held.planned_on(request.urgency, ctx.today),
        )
        for request, number in zip(asked.values(), numbers, strict=True)
    ]
    for each in planned:
        store.add(ctx.work, each)
        ctx.work.publish(domain.plan(each))
    return planned


def _requested(
    request: InspectionRequested, number: str, participant: str | None, planned_on: date
) -> Inspection:
    return Inspection(
        id=new_id(),
        number=number,
        version=1,
        state=InspectionState.PLANNED,
        kind=InspectionKind.INCIDENT,
        trigger=Trigger.INCIDENT,
        location_id=request.location_id,
        participant=participant,
        incident_id=request.incident_id,
        incident_number=request.incident_number,
        request_id=request.request_id,
        urgency=request.urgency,
        planned_on=planned_on,
    )


async def adopt(command: AdoptInspections, ctx: Ctx) -> None:
    """Give inspections that were planned before their location was heard of its participant."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    await store.adopt(ctx.work, command.participants)


async def record(command: RecordFinding, ctx: Ctx) -> tuple[Inspection, Finding]:
    """Add a finding; whoever records the first one is the inspector. Raises Refused."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    found = await store.lock(ctx.work, command.inspection_id, ctx.sight, command.version)
    topic = await policy.topic_code(command.finding.topic, ctx.rows)
    earlier = await queries.found_at(found.id, ctx.rows)
    numbered = replace(command.finding, topic=topic, sequence=len(earlier) + 1)
    changed, kept = domain.record(found, numbered, elsewhere=command.new_violation)
    store.save(ctx.work, _inspected_by(changed, ctx))
    store.add_finding(ctx.work, found.id, kept, ctx.caller.name)
    return changed, kept


async def correct(command: CorrectFinding, ctx: Ctx) -> tuple[Inspection, Finding]:
    """Put another in place of a finding that is not final yet, and keep it. Raises Refused."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    found = await store.lock(ctx.work, command.inspection_id, ctx.sight, command.version)
    topic = await policy.topic_code(command.finding.topic, ctx.rows)
    earlier = await queries.found_at(found.id, ctx.rows)
    before = next((each for each in earlier if each.sequence == command.finding.sequence), None)
    if before is None:
        raise NotFound("Deze bevinding bestaat niet.")
    corrected = replace(command.finding, topic=topic, version=before.version + 1)
    changed, kept = domain.record(found, corrected, elsewhere=command.new_violation)
    store.save(ctx.work, changed)
    store.add_finding(ctx.work, found.id, kept, ctx.caller.name)
    return changed, kept


def _inspected_by(found: Inspection, ctx: Ctx) -> Inspection:
    if found.inspector is not None or ctx.source is not None:
        return found
    return replace(found, inspector=ctx.caller.subject, inspector_name=ctx.caller.name)


async def complete(command: CompleteInspection, ctx: Ctx) -> Inspection:
    """Make the findings final: new violations are established, a repaired one is resolved."""
    ctx.require(Scope.INSPECTIONS_WRITE)
    found = await store.lock(ctx.work, command.inspection_id, ctx.sight, command.version)
    findings = await queries.found_at(found.id, ctx.rows)
    on = command.completed_on or ctx.today
    done, event = domain.complete(found, findings, on, ctx.today)
    store.save(ctx.work, _inspected_by(done, ctx))
    ctx.work.publish(event)
    for finding in domain.new_violations(findings):
        established = await violations.establish(EstablishViolation(done, finding), ctx)
        store.link_finding(ctx.work, done.id, finding, established.id)
    if done.violation_id is not None and domain.repaired(findings, done.violation_id):
        await ctx.work.flush()
        await resolving.resolve(ResolveViolation(done.violation_id, on), ctx)
    return done
