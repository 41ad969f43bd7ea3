"""Inspections and findings on the wire."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from services.enforcement.inspections.commands import (
    CompleteInspection,
    CorrectFinding,
    PlanInspection,
    PlanReinspection,
    RecordFinding,
)
from services.enforcement.inspections.domain import Finding, FindingResult, InspectionState, Trigger
from services.enforcement.inspections.queries import FindingRow, InspectionRow
from services.enforcement.policy.queries import TopicRow
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import InspectionKind
from shared.http.schema import Day, Flag, Instant, LongText, Text, Whole, Wire, text

Topic = Annotated[str, text(80)]


class InspectionIn(Wire, validate_by_name=False):
    """Een controle die gepland wordt."""

    kind: InspectionKind
    location_id: UUID
    planned_on: Day | None = None
    incident_id: UUID | None = None
    violation_id: UUID | None = Field(None, description="De overtreding, bij een hercontrole")
    explanation: LongText | None = None

    def command(self) -> PlanInspection:
        """What the use case takes."""
        return PlanInspection(
            kind=self.kind,
            location_id=self.location_id,
            planned_on=self.planned_on,
            incident_id=self.incident_id,
            violation_id=self.violation_id,
            explanation=self.explanation,
        )


class FindingIn(Wire, validate_by_name=False):
    """Een bevinding."""

    topic: Topic = Field(description="Code of naam uit de lijst met controle-onderwerpen")
    result: FindingResult
    attention_point: Text | None = None
    legal_rule: Text | None = Field(None, description="Het voorschrift, bijvoorbeeld Bal 3.5")
    details: LongText | None = None
    consequence: Consequence | None = None
    behaviour: Behaviour | None = None
    new_violation: Flag = Field(
        default=False,
        description="Bij een hercontrole: dit gaat over iets anders dan de bekende overtreding",
    )

    def recording(self, inspection_id: UUID) -> RecordFinding:
        """A new finding."""
        return RecordFinding(inspection_id, self._finding(0), self.new_violation)

    def correction(self, inspection_id: UUID, sequence: int, version: int) -> CorrectFinding:
        """What should stand instead of the finding with this sequence."""
        return CorrectFinding(inspection_id, self._finding(sequence), self.new_violation, version)

    def _finding(self, sequence: int) -> Finding:
        return Finding(
            sequence=sequence,
            topic=self.topic,
            result=self.result,
            attention_point=self.attention_point,
            rule=self.legal_rule,
            details=self.details,
            consequence=self.consequence,
            behaviour=self.behaviour,
        )


class CompletionIn(Wire, validate_by_name=False):
    """De afronding: daarna liggen de bevindingen vast."""

    completed_on: Day | None = Field(None, description="Standaard vandaag")

    def command(self, inspection_id: UUID, version: int) -> CompleteInspection:
        """What the use case takes."""
        return CompleteInspection(inspection_id, self.completed_on, version)


class ReinspectionIn(Wire, validate_by_name=False):
    """Een hercontrole van een overtreding."""

    planned_on: Day | None = Field(None, description="Standaard vandaag")

    def command(self, violation_id: UUID) -> PlanReinspection:
        """What the use case takes."""
        return PlanReinspection(violation_id, self.planned_on)


class FindingOut(Wire):
    """Een bevinding zoals die is vastgelegd."""

    sequence: Whole
    topic: str
    result: FindingResult
    attention_point: str | None
    legal_rule: str | None
    details: str | None
    consequence: Consequence | None
    behaviour: Behaviour | None
    violation_id: UUID | None
    recorded_at: Instant
    recorded_by: str

    @classmethod
    def of(cls, row: FindingRow) -> Self:
        """From a row."""
        names = set(cls.model_fields) - {"legal_rule"}
        return cls(**{name: getattr(row, name) for name in names}, legal_rule=row.rule)


class InspectionOut(Wire):
    """Een controle."""

    id: UUID
    number: str
    version: Whole
    state: InspectionState
    kind: InspectionKind
    occasion: Trigger
    location_id: UUID
    location_name: str | None
    location_number: str | None
    participant: str | None
    incident_id: UUID | None
    incident_number: str | None
    violation_id: UUID | None
    urgency: str | None
    inspector_name: str | None
    planned_on: Day | None
    completed_on: Day | None
    explanation: str | None

    @classmethod
    def of(cls, row: InspectionRow) -> Self:
        """From a row."""
        return cls(**_inspection(row))


def _inspection(row: InspectionRow) -> dict[str, Any]:
    names = set(InspectionOut.model_fields) - {"occasion"}
    return {**{name: getattr(row, name) for name in names}, "occasion": row.trigger}


class InspectionFileOut(InspectionOut):
    """Een controle met haar bevindingen."""

    findings: list[FindingOut]

    @classmethod
    def build(cls, row: InspectionRow, findings: list[FindingRow]) -> Self:
        """From rows."""
        own = _inspection(row)
        return cls(**own, findings=[FindingOut.of(each) for each in findings])


class TopicOut(Wire):
    """Een controle-onderwerp; niet vastgesteld betekent: voorbeeldwaarde."""

    code: str
    name: str
    domain: str
    confirmed: Flag

    @classmethod
    def of(cls, row: TopicRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
