"""Matrix versions and mandates on the wire."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.enforcement.policy.commands import AdoptMatrix, DrawUpMatrix, RegisterMandate
from services.enforcement.policy.domain.mandate import Mandate
from services.enforcement.policy.domain.matrix import (
    Cell,
    Consultation,
    MatrixState,
    Segment,
)
from services.enforcement.policy.queries import MandateRow, MatrixRow
from services.enforcement.violations.schemas import CellName
from shared.contracts.enforcement import Instrument
from shared.http.schema import Amount, Day, Flag, Instant, LongText, Participant, Text, Whole, Wire
from shared.product.roles import Role

Interventions = Annotated[list[Instrument], Field(max_length=20)]


class CellIn(Wire, validate_by_name=False):
    """Een cel: wat het beleid zegt bij dit gedrag en dit gevolg."""

    cell: CellName
    segment: Segment
    administrative: Annotated[list[Instrument], Field(min_length=1, max_length=20)]
    criminal: Interventions = Field(default_factory=list)
    consultation: Consultation
    remark: Text | None = None
    verified: Flag = Field(default=False, description="Nagegaan in de vastgestelde strategie")

    def of_policy(self) -> Cell:
        """What the use case takes."""
        return Cell(
            cell=self.cell,
            segment=self.segment,
            administrative=tuple(dict.fromkeys(self.administrative)),
            criminal=tuple(dict.fromkeys(self.criminal)),
            consultation=self.consultation,
            note=self.remark,
            verified=self.verified,
        )


class MatrixIn(Wire, validate_by_name=False):
    """Een voorstel voor een nieuwe versie van de matrix: alle 16 cellen."""

    matrix_version: Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]{1,40}$")]
    description: Text
    cells: Annotated[list[CellIn], Field(min_length=16, max_length=16)]

    def command(self) -> DrawUpMatrix:
        """What the use case takes."""
        cells = [each.of_policy() for each in self.cells]
        return DrawUpMatrix(self.matrix_version, self.description, cells)


class ActivationIn(Wire, validate_by_name=False):
    """Het besluit waarmee de matrix gaat gelden; door een ander dan de opsteller."""

    decision_reference: Text

    def command(self, matrix_id: UUID, version: int) -> AdoptMatrix:
        """What the use case takes."""
        return AdoptMatrix(matrix_id, self.decision_reference, version)


class CellOut(Wire):
    """Een cel van de matrix, interventies van licht naar zwaar."""

    cell: str
    segment: Segment
    administrative: list[Instrument]
    criminal: list[Instrument]
    consultation: Consultation
    remark: str | None
    verified: Flag

    @classmethod
    def of(cls, cell: Cell) -> Self:
        """From the policy."""
        return cls(
            cell=cell.cell,
            segment=cell.segment,
            administrative=list(cell.administrative),
            criminal=list(cell.criminal),
            consultation=cell.consultation,
            remark=cell.note,
            verified=cell.verified,
        )


class MatrixOut(Wire):
    """Een versie van de matrix; het label waarschuwt zolang niet alles is nagegaan."""

    id: UUID
    version: Whole
    matrix_version: str
    description: str
    state: MatrixState
    confirmed: Flag
    label: str | None
    decision_reference: str | None
    author: str
    activated_by: str | None
    activated_at: Instant | None
    cells: list[CellOut]

    @classmethod
    def of(cls, row: MatrixRow) -> Self:
        """From a row."""
        found = row.matrix
        special = {"cells", "label"}
        return cls(
            **{name: getattr(row, name) for name in set(cls.model_fields) - special},
            label=found.label,
            cells=[CellOut.of(cell) for cell in found.cells.values()],
        )


class MandateIn(Wire, validate_by_name=False):
    """Een regel voor het mandaatregister (Awb 10:1 en verder)."""

    participant: Participant
    organ: Text = Field(description="Het bestuursorgaan dat mandaat geeft")
    function: Role = Field(description="De functie van de gemandateerde")
    power: Instrument
    article: Text
    maximum: Amount | None = Field(None, description="Ten hoogste dit bedrag aan dwangsommen")
    exclusion: LongText | None = Field(None, description="Reden waarom het is uitgesloten")
    consult_first: Flag = False
    submandate: Flag = False
    source: Text | None = None
    valid_from: Day
    valid_until: Day | None = Field(None, description="Laatste dag waarop het mandaat geldt")

    def command(self) -> RegisterMandate:
        """What the use case takes."""
        return RegisterMandate(**self.model_dump(by_alias=False))


class MandateOut(Wire):
    """Een mandaat; niet vastgesteld betekent: voorbeeld."""

    id: UUID
    version: Whole
    participant: str
    organ: str
    function: str
    power: Instrument
    article: str
    maximum: Amount | None
    exclusion: str | None
    consult_first: Flag
    submandate: Flag
    source: str | None
    valid_from: Day
    valid_until: Day | None = Field(description="Laatste dag waarop het mandaat geldt")
    confirmed: Flag

    @classmethod
    def of(cls, row: MandateRow | Mandate) -> Self:
        """From a row, or from the mandate itself."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})
