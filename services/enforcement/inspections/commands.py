"""Inspections: planned, filled with findings, completed."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from services.enforcement import numbers
from services.enforcement.changes import Change, require_version, require_visible
from services.enforcement.inspections import domain as rules
from services.enforcement.inspections import store as inspections
from services.enforcement.inspections.domain import Finding, Inspection, InspectionState
from services.enforcement.measures.resolving import resolve
from services.enforcement.violations import domain as violations
from services.enforcement.violations import store
from shared.auth.caller import Caller
from shared.contracts.enforcement import InspectionKind
from shared.db.unit_of_work import UnitOfWork
from shared.errors import NotAllowed, NotFound, conflict
from shared.ids import new_id
from shared.product.roles import Role


@dataclass(frozen=True, slots=True)
class PlanInspection:
    """Which inspection somebody wants, where and when."""

    kind: InspectionKind
    location_id: UUID
    planned_on: date | None
    caller: Caller
    incident_id: UUID | None = None
    violation_id: UUID | None = None
    explanation: str | None = None


async def plan(command: PlanInspection, work: UnitOfWork) -> Inspection:
    """Plan an inspection. Raises Refused."""
    place = await inspections.location_of(work, command.location_id)
    command.caller.require_participant(place["participant"])
    incident_id = await _incident(command, work)
    inspector = command.caller if Role.INSPECTOR in command.caller.roles else None
    planned = Inspection(
        id=new_id(),
        number=await numbers.INSPECTIONS.next(work, work.today.year),
        version=1,
        state=InspectionState.PLANNED,
        kind=command.kind,
        trigger=rules.trigger_of(incident_id, command.violation_id),
        location_id=place["id"],
        participant=place["participant"],
        incident_id=incident_id,
        violation_id=command.violation_id,
        inspector=inspector.subject if inspector else None,
        inspector_name=inspector.name if inspector else None,
        planned_on=command.planned_on,
        explanation=command.explanation,
    )
    event = rules.plan(planned)
    inspections.add(work, planned)
    work.publish(event)
    return planned


async def _incident(command: PlanInspection, work: UnitOfWork) -> UUID | None:
    """A re-inspection belongs to the incident that the violation came of."""
    if command.violation_id is None:
        if command.kind is InspectionKind.REINSPECTION:
            raise conflict("overtredingId", "verplicht", "Kies de overtreding van de hercontrole.")
        return command.incident_id
    try:
        found = await store.one(work, command.violation_id)
    except NotFound:
        raise conflict("overtredingId", "onbekend", "Deze overtreding is niet bekend.") from None
    if found.location_id != command.location_id:
        raise conflict(
            "overtredingId", "andere-locatie", "Deze overtreding was op een andere plek."
        )
    return command.incident_id or found.incident_id


async def plan_again(change: Change, planned_on: date | None, work: UnitOfWork) -> Inspection:
    """Plan a re-inspection of a violation, by default on the first day after its term."""
    found = await store.one(work, change.id)
    require_visible(change.caller, found.participant, "Deze overtreding")
    if not found.open:
        raise NotAllowed("De overtreding is al hersteld", article="CIm VTH FLo: hersteldatum")
    command = PlanInspection(
        kind=InspectionKind.REINSPECTION,
        location_id=found.location_id,
        planned_on=planned_on or work.today,
        caller=change.caller,
        violation_id=found.id,
    )
    return await plan(command, work)


async def _locked(change: Change, work: UnitOfWork) -> Inspection:
    found = await inspections.lock(work, change.id)
    require_visible(change.caller, found.participant, "Deze controle")
    require_version(found.version, change, "De controle")
    return found


async def record(
    change: Change, finding: Finding, work: UnitOfWork, *, elsewhere: bool = False
) -> tuple[Inspection, Finding]:
    """Add a finding; whoever records the first one is the inspector. Raises Refused."""
    found = await _locked(change, work)
    topic = await inspections.topic_of(work, finding.topic)
    earlier = await inspections.findings_of(work, found.id)
    numbered = replace(finding, topic=topic, sequence=len(earlier) + 1)
    changed, kept = rules.record(found, numbered, elsewhere=elsewhere)
    inspections.save(work, _by(changed, change.caller))
    inspections.add_finding(work, found.id, kept, change.caller.name)
    return changed, kept


async def correct(
    change: Change, finding: Finding, work: UnitOfWork, *, elsewhere: bool = False
) -> tuple[Inspection, Finding]:
    """Replace a finding that is not final yet. Raises Refused."""
    found = await _locked(change, work)
    topic = await inspections.topic_of(work, finding.topic)
    earlier = await inspections.findings_of(work, found.id)
    if finding.sequence not in {each.sequence for each in earlier}:
        raise NotFound("Deze bevinding bestaat niet.")
    changed, kept = rules.record(found, replace(finding, topic=topic), elsewhere=elsewhere)
    inspections.save(work, changed)
    inspections.save_finding(work, found.id, kept, change.caller.name)
    return changed, kept


def _by(found: Inspection, caller: Caller) -> Inspection:
    if found.inspector is not None:
        return found
    return replace(found, inspector=caller.subject, inspector_name=caller.name)


async def complete(change: Change, on: date | None, work: UnitOfWork) -> Inspection:
    """Make the findings final: new violations are established, a repaired one is resolved."""
    found = await _locked(change, work)
    findings = await inspections.findings_of(work, found.id)
    done, event = rules.complete(found, findings, on or work.today, work.today)
    inspections.save(work, _by(done, change.caller))
    work.publish(event)
    for finding in rules.new_violations(findings):
        await _establish(done, finding, work)
    if done.violation_id is not None and rules.repaired(findings, done.violation_id):
        await work.flush()
        await resolve(work, done.violation_id, done.completed_on or work.today)
    return done


async def _establish(done: Inspection, finding: Finding, work: UnitOfWork) -> None:
    number = await numbers.VIOLATIONS.next(work, work.today.year)
    established, event = violations.establish(done, finding, new_id(), number)
    store.add(work, established)
    inspections.link_finding(work, done.id, finding.sequence, established.id)
    work.publish(event)
