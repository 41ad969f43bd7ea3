"""Inspections (controles) and what the inspector found (CIm VTH FLo: Controle, Bevinding)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionCompleted, InspectionKind, InspectionPlanned
from shared.errors import NotAllowed, conflict
from shared.state_machine import StateMachine

EARLIEST: Final = date(1990, 1, 1)
LATEST: Final = date(2100, 1, 1)


class InspectionState(StrEnum):
    PLANNED = "gepland"
    COMPLETED = "uitgevoerd"


class Trigger(StrEnum):
    """Aanleiding: why the inspection is held."""

    INCIDENT = "incident"
    VIOLATION = "overtreding"
    PLAN = "plan"


class FindingResult(StrEnum):
    """Resultaat bevinding, as the CIm lists it."""

    COMPLIANT = "voorschriften nageleefd"
    AGREED = "akkoord na aanwijzing"
    FURTHER = "nader onderzoek noodzakelijk"
    VIOLATED = "niet akkoord, voorschriften overtreden"
    NOT_APPLICABLE = "voorschriften niet van toepassing"


STATES: Final = StateMachine(
    "De controle",
    {
        (InspectionState.PLANNED, InspectionState.COMPLETED): "Awb 5:11 tot en met 5:20: "
        "de bevindingen worden definitief",
    },
)


@dataclass(frozen=True, slots=True)
class Inspection:
    """One visit, or one look into the books, at a location."""

    id: UUID
    number: str
    version: int
    state: InspectionState
    kind: InspectionKind
    trigger: Trigger
    location_id: UUID
    participant: str | None
    incident_id: UUID | None = None
    incident_number: str | None = None
    violation_id: UUID | None = None
    request_id: UUID | None = None
    urgency: str | None = None
    inspector: str | None = None
    inspector_name: str | None = None
    planned_on: date | None = None
    completed_on: date | None = None
    explanation: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `violation_id` is a violation that is looked at again."""

    sequence: int
    topic: str
    result: FindingResult
    attention_point: str | None = None
    rule: str | None = None
    details: str | None = None
    consequence: Consequence | None = None
    behaviour: Behaviour | None = None
    violation_id: UUID | None = None
    # Which one under its sequence; a correction is the next.
    version: int = 1


def trigger_of(incident_id: UUID | None, violation_id: UUID | None) -> Trigger:
    """Why an inspection is held, from what it is held for."""
    if violation_id is not None:
        return Trigger.VIOLATION
    return Trigger.PLAN if incident_id is None else Trigger.INCIDENT


def plan(inspection: Inspection, source_key: str | None = None) -> InspectionPlanned:
    """The event of a new inspection. Raises Conflict for a day out of this time.

    `source_key` is its key in the system that it was taken over from.
    """
    within(inspection.planned_on, "planned_on")
    return InspectionPlanned(
        version=inspection.version,
        participant=inspection.participant,
        inspection_id=inspection.id,
        number=inspection.number,
        location_id=inspection.location_id,
        kind=inspection.kind,
        incident_id=inspection.incident_id,
        violation_id=inspection.violation_id,
        planned_on=inspection.planned_on,
        source_key=source_key,
    )


def record(
    inspection: Inspection, finding: Finding, *, elsewhere: bool = False
) -> tuple[Inspection, Finding]:
    """Note a finding. Raises NotAllowed when the findings are final.

    At a re-inspection it is about the violation looked at again, unless it is about another one.
    """
    require_open(inspection)
    changed = replace(inspection, version=inspection.version + 1)
    again = None if elsewhere else inspection.violation_id
    return changed, replace(finding, violation_id=again)


def require_open(inspection: Inspection) -> None:
    """Raises NotAllowed when the findings are final."""
    if inspection.state is not InspectionState.PLANNED:
        raise NotAllowed(
            f"Controle {inspection.number} is afgerond: de bevindingen liggen vast",
            article="CIm VTH FLo: Controle",
        )


def complete(
    inspection: Inspection, findings: Sequence[Finding], on: date, today: date
) -> tuple[Inspection, InspectionCompleted]:
    """Make the findings final. Raises NotAllowed without any, Conflict for a day in the future."""
    STATES.require(inspection.state, InspectionState.COMPLETED)
    past(on, today, "completed_on")
    if not findings:
        raise NotAllowed("Leg ten minste een bevinding vast", article="CIm VTH FLo: Bevinding")
    if inspection.violation_id is not None and not about(findings, inspection.violation_id):
        raise NotAllowed(
            "Leg vast of de overtreding is hersteld", article="CIm VTH FLo: hercontrole"
        )
    done = replace(
        inspection,
        version=inspection.version + 1,
        state=InspectionState.COMPLETED,
        completed_on=on,
    )
    return done, _completed(done, findings, on)


def _completed(done: Inspection, findings: Sequence[Finding], on: date) -> InspectionCompleted:
    return InspectionCompleted(
        version=done.version,
        participant=done.participant,
        inspection_id=done.id,
        number=done.number,
        location_id=done.location_id,
        kind=done.kind,
        incident_id=done.incident_id,
        violation_id=done.violation_id,
        completed_on=on,
        findings=len(findings),
        violations=sum(finding.result is FindingResult.VIOLATED for finding in findings),
    )


def new_violations(findings: Sequence[Finding]) -> list[Finding]:
    """The findings that establish a violation; one seen before is not established again."""
    return [
        finding
        for finding in findings
        if finding.result is FindingResult.VIOLATED and finding.violation_id is None
    ]


def repaired(findings: Sequence[Finding], violation_id: UUID) -> bool | None:
    """Whether the violation has ended, as this inspection saw it; None when it could not tell."""
    results = {finding.result for finding in about(findings, violation_id)}
    if FindingResult.VIOLATED in results:
        return False
    if FindingResult.FURTHER in results or not results:
        return None
    return True


def about(findings: Sequence[Finding], violation_id: UUID) -> list[Finding]:
    """The findings about a violation that was seen before."""
    return [finding for finding in findings if finding.violation_id == violation_id]


def within(day: date | None, name: str) -> None:
    """Raises Conflict, naming the field, for a day that must be a typing error."""
    if day is not None and not EARLIEST <= day < LATEST:
        raise conflict(name, "buiten-bereik", "Vul een datum in tussen 1990 en 2100.")


def past(day: date, today: date, name: str) -> None:
    """Raises Conflict, naming the field, for a day in the future."""
    within(day, name)
    if day > today:
        raise conflict(name, "in-toekomst", "Vul een datum in die niet in de toekomst ligt.")
