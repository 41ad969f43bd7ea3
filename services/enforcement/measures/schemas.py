"""Measures, forfeited penalties and clocks on the wire."""

from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field

from services.enforcement.measures.commands import (
    ChooseMeasure,
    CollectPenalty,
    EndMeasure,
    ForfeitPenalty,
    ImposeMeasure,
    IntendMeasure,
)
from services.enforcement.measures.domain.forfeiture import CollectionAct
from services.enforcement.measures.domain.measure import (
    STATES,
    MeasureState,
    Mode,
    Order,
    Unit,
)
from services.enforcement.measures.domain.terms import TermKind
from services.enforcement.measures.queries import ForfeitureRow, MeasureRow, TermRow
from services.enforcement.policy.domain.matrix import Direction
from shared.contracts.enforcement import Instrument, MeasureResult
from shared.http.schema import Amount, Day, Flag, LongText, Whole, Wire, whole

TermDays = Annotated[int, whole(0, 730)]
Sequence = Annotated[int, whole(1, 100_000)]


class OrderIn(Wire, validate_by_name=False):
    """De dwangsom: wijze, bedrag en maximum (Awb 5:32b)."""

    mode: Mode
    amount: Amount
    maximum: Amount
    time_unit: Unit | None = Field(None, description="Alleen bij een dwangsom per tijdseenheid")

    def order(self) -> Order:
        """What the use case takes."""
        return Order(self.mode, self.amount, self.maximum, self.time_unit)


class MeasureIn(Wire, validate_by_name=False):
    """De keuze van een maatregel; wie van het advies afwijkt, motiveert dat."""

    instrument: Instrument
    deviation_reason: LongText | None = None
    order: OrderIn | None = None
    term_days: TermDays | None = Field(
        None, description="Begunstigings- of hersteltermijn in dagen"
    )
    remedy: LongText | None = None
    explanation: LongText | None = None

    def command(self, violation_id: UUID, version: int) -> ChooseMeasure:
        """What the use case takes."""
        return ChooseMeasure(
            violation_id=violation_id,
            version=version,
            instrument=self.instrument,
            deviation_reason=self.deviation_reason,
            order=self.order.order() if self.order else None,
            term_days=self.term_days,
            remedy=self.remedy,
            explanation=self.explanation,
        )


class IntentionIn(Wire, validate_by_name=False):
    """Het voornemen (Awb 4:8)."""

    decided_on: Day | None = Field(None, description="Standaard vandaag")

    def command(self, measure_id: UUID, version: int) -> IntendMeasure:
        """What the use case takes."""
        return IntendMeasure(measure_id, self.decided_on, version)


class ImpositionIn(Wire, validate_by_name=False):
    """De oplegging; termijnen lopen vanaf de dag na de bekendmaking."""

    decided_on: Day | None = Field(None, description="Standaard vandaag")
    published_on: Day | None = Field(None, description="Bekendmaking; standaard de besluitdatum")
    order: OrderIn | None = None
    term_days: TermDays | None = None
    remedy: LongText | None = None
    urgency_reason: LongText | None = Field(None, description="Waarom horen niet kon (Awb 4:11)")
    view_received_on: Day | None = Field(None, description="Dag waarop de zienswijze er was")
    consulted: LongText | None = Field(None, description="Overleg met het bestuursorgaan")

    def command(self, measure_id: UUID, version: int) -> ImposeMeasure:
        """What the use case takes."""
        return ImposeMeasure(
            measure_id=measure_id,
            version=version,
            decided_on=self.decided_on,
            published_on=self.published_on,
            order=self.order.order() if self.order else None,
            term_days=self.term_days,
            remedy=self.remedy,
            urgency_reason=self.urgency_reason,
            view_received_on=self.view_received_on,
            consulted=self.consulted,
        )


class ForfeitureIn(Wire, validate_by_name=False):
    """De hercontrole waaruit blijkt dat de last niet is uitgevoerd."""

    inspection_id: UUID

    def command(self, measure_id: UUID, version: int) -> ForfeitPenalty:
        """What the use case takes."""
        return ForfeitPenalty(measure_id, self.inspection_id, version)


class CollectionIn(Wire, validate_by_name=False):
    """Een betaling, of een invorderingsbeschikking (Awb 5:37)."""

    sequence: Sequence
    performed: CollectionAct
    date: Day | None = Field(
        None, description="Standaard vandaag", json_schema_extra={"format": "date"}
    )

    def command(self, measure_id: UUID, version: int) -> CollectPenalty:
        """What the use case takes."""
        return CollectPenalty(measure_id, self.sequence, self.performed, self.date, version)


class EndIn(Wire, validate_by_name=False):
    """Hoe de maatregel eindigt."""

    result: MeasureResult
    ended_on: Day | None = Field(None, description="Standaard vandaag")
    reason: LongText | None = Field(None, description="Verplicht bij intrekking (Awb 3:46)")

    def command(self, measure_id: UUID, version: int) -> EndMeasure:
        """What the use case takes."""
        return EndMeasure(measure_id, self.result, self.ended_on, self.reason, version)


class MandateCheckOut(Wire):
    """De mandaattoets zoals die bij het besluit is bewaard."""

    allowed: Flag
    explanation: str
    checked_on: Day | None
    mandate_id: UUID | None
    organ: str | None
    function: str | None
    article: str | None
    confirmed: Flag

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        """From what was stored with the decision."""
        return cls(
            allowed=stored["toegestaan"],
            explanation=stored["toelichting"],
            checked_on=stored["getoetstOp"],
            mandate_id=stored["mandaatId"],
            organ=stored["orgaan"],
            function=stored["functie"],
            article=stored["artikel"],
            confirmed=stored["vastgesteld"],
        )


class StepOut(Wire):
    """Een mogelijke volgende status, met het artikel of de regel."""

    state: MeasureState
    article: str


class ForfeitureOut(Wire):
    """Een verbeurde dwangsom met haar termijnen."""

    sequence: Whole
    inspection_id: UUID
    forfeited_on: Day
    amount: Amount
    pay_until: Day
    prescribes_on: Day
    collected_on: Day | None
    paid_on: Day | None

    @classmethod
    def of(cls, row: ForfeitureRow) -> Self:
        """From a row."""
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


_COMPUTED = frozenset({"deviates", "time_unit", "mandate", "possible_states"})


class MeasureOut(Wire):
    """Een handhavingsmaatregel."""

    id: UUID
    number: str
    version: Whole
    state: MeasureState
    violation_id: UUID
    violation_number: str
    location_id: UUID
    participant: str | None
    instrument: Instrument
    cell: str
    matrix_version: str
    advice: list[str]
    deviates: Flag
    direction: Direction | None
    deviation_reason: str | None
    chosen_on: Day
    chosen_by: str
    explanation: str | None
    mode: Mode | None
    time_unit: Unit | None
    amount: Amount | None
    maximum: Amount | None
    term_days: Whole | None
    remedy: str | None
    intended_on: Day | None
    hearing_until: Day | None
    view_received_on: Day | None
    urgency_reason: str | None
    consulted: str | None
    decided_on: Day | None
    decided_by: str | None
    published_on: Day | None
    objection_until: Day | None
    compliance_until: Day | None
    forfeited: Amount
    ended_on: Day | None
    end_reason: str | None
    mandate: MandateCheckOut | None
    possible_states: list[StepOut]

    @classmethod
    def of(cls, row: MeasureRow) -> Self:
        """From a row."""
        return cls(**_measure(row))


def _measure(row: MeasureRow) -> dict[str, Any]:
    names = set(MeasureOut.model_fields) - _COMPUTED
    return {
        **{name: getattr(row, name) for name in names},
        "deviates": row.deviates,
        "time_unit": row.unit,
        "mandate": MandateCheckOut.of(row.mandate) if row.mandate else None,
        "possible_states": [StepOut(state=to, article=why) for to, why in STATES.next(row.state)],
    }


class TermOut(Wire):
    """Een termijn, met het artikel en wat erna komt."""

    id: UUID
    kind: TermKind
    article: str
    violation_id: UUID
    violation_number: str
    measure_id: UUID
    measure_number: str
    participant: str | None
    runs_from: Day
    runs_until: Day
    next_step: str

    @classmethod
    def of(cls, row: TermRow) -> Self:
        """From a row."""
        names = set(cls.model_fields) - {"runs_from", "runs_until"}
        return cls(
            **{name: getattr(row, name) for name in names},
            runs_from=row.starts_on,
            runs_until=row.ends_on,
        )


class MeasureFileOut(MeasureOut):
    """Een handhavingsmaatregel met wat is verbeurd en welke termijnen lopen."""

    forfeitures: list[ForfeitureOut]
    running_terms: list[TermOut]

    @classmethod
    def build(cls, row: MeasureRow, forfeitures: list[ForfeitureRow], terms: list[TermRow]) -> Self:
        """From rows."""
        return cls(
            **_measure(row),
            forfeitures=[ForfeitureOut.of(each) for each in forfeitures],
            running_terms=[TermOut.of(each) for each in terms],
        )
