"""Violations, their positions and the advice on the wire."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.enforcement.measures.queries import MeasureRow, TermRow
from services.enforcement.measures.schemas import MeasureOut, TermOut
from services.enforcement.policy.domain.dated_policy import Suggestion
from services.enforcement.policy.domain.matrix import Consultation, Matrix, Segment
from services.enforcement.policy.queries import AspectRow
from services.enforcement.violations.commands import PositionViolation
from services.enforcement.violations.domain import Aspect, AspectKind, Assessment, ViolationState
from services.enforcement.violations.queries import ComparableRow, PositionRow, ViolationRow
from shared.contracts.base import Behaviour, Consequence
from shared.contracts.enforcement import Instrument
from shared.http.schema import Amount, Day, Flag, Instant, LongText, Whole, Wire, text

CellName = Annotated[str, StringConstraints(pattern=r"^[A-D][1-4]$")]
AspectCode = Annotated[str, text(80)]


class AspectIn(Wire, validate_by_name=False):
    """Een omstandigheid die weegt, met waarom."""

    aspect: AspectCode = Field(description="Code uit de lijst met aspecten")
    kind: AspectKind
    motivation: LongText


class PositionIn(Wire, validate_by_name=False):
    """De plaats in de LHSO-matrix; niets verschuift vanzelf."""

    consequence: Consequence
    behaviour: Behaviour | None = Field(None, description="Leeg: niet vast te stellen, dan B")
    consequence_note: LongText | None = None
    behaviour_note: LongText | None = None
    aspects: Annotated[list[AspectIn], Field(max_length=30)] = Field(default_factory=list)
    recidivism: Flag | None = Field(None, description="Leeg: volgens de suggestie")
    final_cell: CellName | None = Field(
        None, description="Als de aspecten tot een andere cel leiden dan gevolg en gedrag"
    )
    reposition_reason: LongText | None = Field(
        None, description="Verplicht als de cel afwijkt of de overtreding al een plaats had"
    )

    def command(self, violation_id: UUID, version: int) -> PositionViolation:
        """What the use case takes."""
        return PositionViolation(violation_id, self._assessment(), version)

    def _assessment(self) -> Assessment:
        return Assessment(
            consequence=self.consequence,
            behaviour=self.behaviour,
            final_cell=self.final_cell,
            reason=self.reposition_reason,
            consequence_note=self.consequence_note,
            behaviour_note=self.behaviour_note,
            aspects=tuple(Aspect(a.aspect, a.kind, a.motivation) for a in self.aspects),
            recidivism=self.recidivism,
        )


class AspectOut(Wire):
    """Een aspect dat is meegewogen."""

    aspect: str
    kind: AspectKind
    motivation: str


class PositionOut(Wire):
    """Een positionering zoals die is vastgelegd."""

    sequence: Whole
    consequence: Consequence
    behaviour: Behaviour
    initial_cell: str
    cell: str
    reposition_reason: str | None
    consequence_note: str | None
    behaviour_note: str | None
    aspects: list[AspectOut]
    recidivism: Flag
    matrix_version: str
    positioned_at: Instant
    positioned_by: str

    @classmethod
    def of(cls, row: PositionRow) -> Self:
        """From a row."""
        special = {"reposition_reason", "aspects"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - special},
            reposition_reason=row.reason,
            aspects=[AspectOut(**each) for each in row.aspects],
        )


class ViolationOut(Wire):
    """Een overtreding."""

    id: UUID
    number: str
    version: Whole
    state: ViolationState
    location_id: UUID
    location_name: str | None
    location_number: str | None
    participant: str | None
    inspection_id: UUID
    inspection_number: str
    finding: Whole
    nature: str
    legal_rule: str | None
    details: str | None
    established_on: Day
    incident_id: UUID | None
    strategy: str
    consequence: Consequence | None
    behaviour: Behaviour | None
    initial_cell: str | None
    cell: str | None
    matrix_version: str | None
    recidivism: Flag
    positioned_at: Instant | None
    resolved_on: Day | None
    due_on: Day | None

    @classmethod
    def of(cls, row: ViolationRow) -> Self:
        """From a row."""
        return cls(**_violation(row))


def _violation(row: ViolationRow) -> dict[str, Any]:
    names = set(ViolationOut.model_fields) - {"legal_rule", "strategy"}
    plain = {name: getattr(row, name) for name in names}
    return {**plain, "legal_rule": row.rule, "strategy": "LHSO"}


class ViolationFileOut(ViolationOut):
    """Een overtreding met haar hele dossier."""

    positions: list[PositionOut]
    measures: list[MeasureOut]
    running_terms: list[TermOut]

    @classmethod
    def build(
        cls,
        row: ViolationRow,
        positions: list[PositionRow],
        measures: list[MeasureRow],
        terms: list[TermRow],
    ) -> Self:
        """From rows."""
        return cls(
            **_violation(row),
            positions=[PositionOut.of(each) for each in positions],
            measures=[MeasureOut.of(each) for each in measures],
            running_terms=[TermOut.of(each) for each in terms],
        )


class SuggestionOut(Wire):
    """Of eerdere overtredingen op recidive wijzen; een mens beslist."""

    recidivism: Flag
    explanation: str
    numbers: list[str]

    @classmethod
    def of(cls, found: Suggestion) -> Self:
        """From the rules."""
        return cls(
            recidivism=found.recidivism,
            explanation=found.explanation,
            numbers=[each.number for each in found.grounds],
        )


class ComparableOut(Wire):
    """Hoe in een vergelijkbare zaak is opgetreden."""

    violation_id: UUID
    violation_number: str
    nature: str
    cell: str
    instrument: Instrument
    amount: Amount | None
    maximum: Amount | None
    term_days: Whole | None
    decided_on: Day

    @classmethod
    def of(cls, row: ComparableRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class AdviceOut(Wire):
    """De interventies van de cel, de lichtste eerst; zonder positie alleen de suggestie."""

    cell: str | None
    segment: Segment | None
    interventions: list[Instrument]
    administrative: list[Instrument]
    criminal: list[Instrument]
    consultation: Consultation | None
    remark: str | None
    verified: Flag
    label: str | None
    matrix_version: str
    suggestion: SuggestionOut
    comparable_cases: list[ComparableOut]

    @classmethod
    def of(
        cls,
        name: str | None,
        matrix: Matrix,
        suggestion: Suggestion,
        comparable: list[ComparableRow],
    ) -> Self:
        """From the matrix and the file."""
        cell = matrix.cells[name] if name else None
        return cls(
            cell=name,
            segment=cell.segment if cell else None,
            interventions=list(cell.advice) if cell else [],
            administrative=list(cell.administrative) if cell else [],
            criminal=list(cell.criminal) if cell else [],
            consultation=cell.consultation if cell else None,
            remark=cell.note if cell else None,
            verified=cell.verified if cell else False,
            label=matrix.label,
            matrix_version=matrix.matrix_version,
            suggestion=SuggestionOut.of(suggestion),
            comparable_cases=[ComparableOut.of(row) for row in comparable],
        )


class AspectListOut(Wire):
    """Een aspect waaruit gekozen kan worden."""

    code: str
    kind: AspectKind
    name: str
    confirmed: Flag

    @classmethod
    def of(cls, row: AspectRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
