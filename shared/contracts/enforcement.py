"""Events of enforcement: inspections, violations and measures."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.base import Behaviour, Consequence, Event, Open


class InspectionKind(StrEnum):
    """Controletype: an open list in the CIm; these are the kinds the platform plans itself."""

    PERIODIC = "periodieke controle"
    INCIDENT = "controle naar aanleiding van incident"
    REINSPECTION = "hercontrole"
    THEMATIC = "themacontrole"
    ADMINISTRATIVE = "administratieve controle"


class Instrument(StrEnum):
    """Handhavingsinstrument, from light to heavy (LHSO classes, CIm VTH FLo examples)."""

    INFORM = "informeren"
    ADDRESS = "aanspreken"
    WARNING = "waarschuwing"
    TALK = "bestuurlijk gesprek"
    STRICTER_SUPERVISION = "verscherpt toezicht"
    PENALTY_ORDER = "last onder dwangsom"
    ADMINISTRATIVE_COERCION = "last onder bestuursdwang"
    STANDSTILL = "tijdelijk stilleggen"
    FINE = "bestuurlijke boete"
    SUSPENSION = "schorsen vergunning"
    CLOSURE = "exploitatieverbod"
    WITHDRAWAL = "intrekken vergunning"
    PENAL_ORDER = "bestuurlijke strafbeschikking"
    OFFICIAL_REPORT = "proces-verbaal"


class MeasureResult(StrEnum):
    """How a measure ended (Status Hh-maatregel, CIm VTH FLo)."""

    EXECUTED = "uitgevoerd"
    WITHDRAWN = "ingetrokken"
    EXHAUSTED = "uitgewerkt"


class _Enforcement(Event):
    service: ClassVar[str] = "enforcement"

    number: str
    location_id: UUID


class _Inspection(_Enforcement):
    resource: ClassVar[str] = "controles"

    inspection_id: UUID
    kind: Open[InspectionKind]
    incident_id: UUID | None = None
    violation_id: UUID | None = None

    @property
    def subject(self) -> UUID:
        return self.inspection_id


class InspectionPlanned(_Inspection):
    """An inspection was created, by request or by plan."""

    type: ClassVar[str] = "nl.vth.controles.controle-gepland"

    planned_on: date | None = None
    # The name of the system that it came from, and its key there.
    source_key: str | None = None


class InspectionCompleted(_Inspection):
    """An inspection was carried out and its findings are final."""

    type: ClassVar[str] = "nl.vth.controles.controle-uitgevoerd"

    completed_on: date
    findings: int
    violations: int


class _Violation(_Enforcement):
    resource: ClassVar[str] = "overtredingen"

    violation_id: UUID

    @property
    def subject(self) -> UUID:
        return self.violation_id


class ViolationEstablished(_Violation):
    """An inspector established a violation."""

    type: ClassVar[str] = "nl.vth.overtredingen.overtreding-geconstateerd"

    inspection_id: UUID
    established_on: date
    nature: str


class ViolationPositioned(_Violation):
    """The violation has its place in the LHSO matrix."""

    type: ClassVar[str] = "nl.vth.overtredingen.overtreding-gepositioneerd"

    consequence: Consequence
    behaviour: Behaviour
    cell: str
    initial_cell: str
    matrix_version: str
    recidivism: bool
    positioned_at: datetime


class ViolationResolved(_Violation):
    """The violation has ended."""

    type: ClassVar[str] = "nl.vth.overtredingen.overtreding-hersteld"

    resolved_on: date


class ViolationRetracted(_Violation):
    """The violation proved not to have been committed: what was established no longer holds."""

    type: ClassVar[str] = "nl.vth.overtredingen.overtreding-ingetrokken"

    retracted_on: date


class _Measure(_Enforcement):
    resource: ClassVar[str] = "handhavingsmaatregelen"

    measure_id: UUID
    violation_id: UUID
    instrument: Open[Instrument]
    cell: str

    @property
    def subject(self) -> UUID:
        return self.measure_id


class MeasureIntended(_Measure):
    """The offender was told of the intention and may give a view (zienswijze, Awb 4:8)."""

    type: ClassVar[str] = "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-voorgenomen"

    decided_on: date
    deviates: bool


class MeasureImposed(_Measure):
    """A measure was imposed; for an order, with its term and amounts (Awb 5:32a, 5:32b)."""

    type: ClassVar[str] = "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-opgelegd"

    decided_on: date
    deviates: bool
    compliance_until: date | None = None
    amount: Decimal | None = None
    maximum: Decimal | None = None


class PenaltyForfeited(_Measure):
    """A penalty was forfeited by law; the collection clock runs (Awb 5:33, 5:35)."""

    type: ClassVar[str] = "nl.vth.handhavingsmaatregelen.dwangsom-verbeurd"

    forfeited_on: date
    amount: Decimal
    pay_until: date
    prescribes_on: date


class MeasureEnded(_Measure):
    """The measure is done with."""

    type: ClassVar[str] = "nl.vth.handhavingsmaatregelen.handhavingsmaatregel-beeindigd"

    ended_on: date
    result: Open[MeasureResult]
