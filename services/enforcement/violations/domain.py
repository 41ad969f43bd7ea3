"""Violations (overtredingen): established, positioned in the LHSO matrix, resolved."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.enforcement.inspections.domain import Finding, Inspection, past
from services.enforcement.policy.domain.matrix import Matrix, axes_of, cell_of
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import (
    ViolationEstablished,
    ViolationPositioned,
    ViolationResolved,
)
from shared.errors import conflict
from shared.state_machine import StateMachine

DEFAULT_BEHAVIOUR: Final = Behaviour.INDIFFERENT
DEFAULT_NOTE: Final = "Het gedrag is niet vastgesteld: standaard B (LHSO)."


class ViolationState(StrEnum):
    ESTABLISHED = "geconstateerd"
    POSITIONED = "gepositioneerd"
    ENFORCED = "in handhaving"
    RESOLVED = "hersteld"


class AspectKind(StrEnum):
    AGGRAVATING = "verzwarend"
    MITIGATING = "verzachtend"


STATES: Final = StateMachine(
    "De overtreding",
    {
        (ViolationState.ESTABLISHED, ViolationState.POSITIONED): "LHSO stap 1 tot en met 3",
        (ViolationState.POSITIONED, ViolationState.POSITIONED): "LHSO stap 3, met motivering",
        (ViolationState.POSITIONED, ViolationState.ENFORCED): "LHSO stap 5; Awb 5:4",
        (ViolationState.ENFORCED, ViolationState.ENFORCED): "LHSO stap 6: opschalen",
        (ViolationState.ESTABLISHED, ViolationState.RESOLVED): "CIm VTH FLo: hersteldatum",
        (ViolationState.POSITIONED, ViolationState.RESOLVED): "CIm VTH FLo: hersteldatum",
        (ViolationState.ENFORCED, ViolationState.RESOLVED): "CIm VTH FLo: hersteldatum",
    },
)


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that was broken at a location."""

    id: UUID
    number: str
    version: int
    state: ViolationState
    location_id: UUID
    participant: str | None
    inspection_id: UUID
    finding: int
    nature: str
    established_on: date
    incident_id: UUID | None = None
    rule: str | None = None
    details: str | None = None
    consequence: Consequence | None = None
    behaviour: Behaviour | None = None
    initial_cell: str | None = None
    cell: str | None = None
    matrix_version: str | None = None
    recidivism: bool = False
    positioned_at: datetime | None = None
    resolved_on: date | None = None

    @property
    def open(self) -> bool:
        """Not resolved yet."""
        return self.state is not ViolationState.RESOLVED


@dataclass(frozen=True, slots=True)
class Aspect:
    """A circumstance that weighs, with why."""

    aspect: str
    kind: AspectKind
    motivation: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """How somebody positions a violation; nothing shifts by itself."""

    consequence: Consequence
    behaviour: Behaviour | None = None
    final_cell: str | None = None
    reason: str | None = None
    consequence_note: str | None = None
    behaviour_note: str | None = None
    aspects: tuple[Aspect, ...] = ()
    recidivism: bool | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """Who positions, when, and as which positioning of this violation."""

    sequence: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Position:
    """One positioning as it is kept, with the version of the policy that it was made under."""

    violation_id: UUID
    sequence: int
    consequence: Consequence
    behaviour: Behaviour
    initial_cell: str
    cell: str
    reason: str | None
    consequence_note: str | None
    behaviour_note: str | None
    aspects: tuple[Aspect, ...]
    recidivism: bool
    suggestion: dict[str, Any]
    matrix_version: str
    positioned_at: datetime
    positioned_by: str


def establish(
    inspection: Inspection, finding: Finding, violation_id: UUID, number: str
) -> tuple[Violation, ViolationEstablished]:
    """A finding "niet akkoord, voorschriften overtreden" of a completed inspection."""
    assert inspection.completed_on is not None
    violation = Violation(
        id=violation_id,
        number=number,
        version=1,
        state=ViolationState.ESTABLISHED,
        location_id=inspection.location_id,
        participant=inspection.participant,
        inspection_id=inspection.id,
        finding=finding.sequence,
        nature=finding.topic,
        established_on=inspection.completed_on,
        incident_id=inspection.incident_id,
        rule=finding.rule,
        details=finding.details,
        consequence=finding.consequence,
        behaviour=finding.behaviour,
    )
    event = ViolationEstablished(
        version=1,
        participant=violation.participant,
        violation_id=violation.id,
        number=violation.number,
        location_id=violation.location_id,
        inspection_id=inspection.id,
        established_on=violation.established_on,
        nature=violation.nature,
    )
    return violation, event


def position(
    violation: Violation,
    assessment: Assessment,
    matrix: Matrix,
    suggestion: dict[str, Any],
    signature: Signature,
) -> tuple[Violation, Position, ViolationPositioned]:
    """Give the violation its place. Raises Conflict when a move is not motivated.

    A case keeps the policy under which it was first positioned: `matrix` is that version.
    """
    enforced = violation.state is ViolationState.ENFORCED
    state = ViolationState.ENFORCED if enforced else ViolationState.POSITIONED
    STATES.require(violation.state, state)
    kept = _position(violation, assessment, matrix, suggestion, signature)
    consequence, behaviour = axes_of(kept.cell)
    placed = replace(
        violation,
        version=violation.version + 1,
        state=state,
        consequence=consequence,
        behaviour=behaviour,
        initial_cell=kept.initial_cell,
        cell=kept.cell,
        matrix_version=matrix.matrix_version,
        recidivism=kept.recidivism,
        positioned_at=signature.at,
    )
    return placed, kept, _positioned(placed, kept)


def _position(
    violation: Violation,
    assessment: Assessment,
    matrix: Matrix,
    suggestion: dict[str, Any],
    signature: Signature,
) -> Position:
    behaviour = assessment.behaviour or DEFAULT_BEHAVIOUR
    assessed = cell_of(assessment.consequence, behaviour)
    final = assessment.final_cell or assessed
    _require_motivated(violation, assessment, moved=final != assessed)
    suggested = bool(suggestion.get("recidive"))
    return Position(
        violation_id=violation.id,
        sequence=signature.sequence,
        consequence=assessment.consequence,
        behaviour=behaviour,
        initial_cell=violation.initial_cell or assessed,
        cell=final,
        reason=assessment.reason,
        consequence_note=assessment.consequence_note,
        behaviour_note=_behaviour_note(assessment),
        aspects=assessment.aspects,
        recidivism=suggested if assessment.recidivism is None else assessment.recidivism,
        suggestion=suggestion,
        matrix_version=matrix.matrix_version,
        positioned_at=signature.at,
        positioned_by=signature.by,
    )


def _require_motivated(violation: Violation, assessment: Assessment, *, moved: bool) -> None:
    again = violation.cell is not None
    if (again or moved) and not assessment.reason:
        raise conflict(
            "reposition_reason",
            "verplicht",
            "Motiveer waarom de overtreding in een andere cel wordt geplaatst (LHSO stap 3).",
        )


def _behaviour_note(assessment: Assessment) -> str | None:
    if assessment.behaviour is not None:
        return assessment.behaviour_note
    return f"{DEFAULT_NOTE} {assessment.behaviour_note or ''}".strip()


def _positioned(placed: Violation, kept: Position) -> ViolationPositioned:
    consequence, behaviour = axes_of(kept.cell)
    return ViolationPositioned(
        version=placed.version,
        participant=placed.participant,
        violation_id=placed.id,
        number=placed.number,
        location_id=placed.location_id,
        consequence=consequence,
        behaviour=behaviour,
        cell=kept.cell,
        initial_cell=kept.initial_cell,
        matrix_version=kept.matrix_version,
        recidivism=kept.recidivism,
        positioned_at=kept.positioned_at,
    )


def enforce(violation: Violation) -> Violation:
    """A measure was imposed. Raises NotAllowed when the violation has no place or is resolved."""
    if violation.state is ViolationState.ENFORCED:
        return violation
    STATES.require(violation.state, ViolationState.ENFORCED)
    return replace(violation, version=violation.version + 1, state=ViolationState.ENFORCED)


def resolve(violation: Violation, on: date, today: date) -> tuple[Violation, ViolationResolved]:
    """The violation has ended. Raises NotAllowed when it had already, Conflict for a wrong day."""
    STATES.require(violation.state, ViolationState.RESOLVED)
    past(on, today, "resolved_on")
    if on < violation.established_on:
        raise conflict(
            "resolved_on", "voor-overtreding", "De hersteldatum ligt voor de overtreding."
        )
    resolved = replace(
        violation,
        version=violation.version + 1,
        state=ViolationState.RESOLVED,
        resolved_on=on,
    )
    event = ViolationResolved(
        version=resolved.version,
        participant=resolved.participant,
        violation_id=resolved.id,
        number=resolved.number,
        location_id=resolved.location_id,
        resolved_on=on,
    )
    return resolved, event
