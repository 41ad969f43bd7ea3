"""Zaken en geleverde producten op de lijn."""

from datetime import date
from uuid import UUID

from services.reporting.cases.queries import CaseRow, DeliveryRow
from shared.http.schema import Day, Whole, Wire


class CaseOut(Wire):
    """Een zaak waarop uren geboekt kunnen worden."""

    id: UUID
    case_kind: str
    number: str
    qualifier: str
    participant: str | None
    location_id: UUID | None
    product: str | None
    product_name: str | None
    opened_on: Day | None
    closed_on: Day | None

    @classmethod
    def of(cls, row: CaseRow) -> "CaseOut":
        names = cls.model_fields.keys() - {"case_kind"}
        return cls(case_kind=row.kind, **{name: getattr(row, name) for name in names})


class Cases(Wire):
    """Zaken."""

    results: tuple[CaseOut, ...]


class DeliveryOut(Wire):
    """Een product dat een gebeurtenis als geleverd telde."""

    id: UUID
    case_id: UUID
    case_kind: str
    case_number: str
    product: str
    product_name: str
    participant: str | None
    delivered_on: date
    quantity: Whole
    counting_event: str

    @classmethod
    def of(cls, row: DeliveryRow) -> "DeliveryOut":
        names = cls.model_fields.keys() - {"case_id", "counting_event"}
        facts = {name: getattr(row, name) for name in names}
        return cls(case_id=row.subject, counting_event=row.event, **facts)


class Deliveries(Wire):
    """Geleverde producten."""

    results: tuple[DeliveryOut, ...]
