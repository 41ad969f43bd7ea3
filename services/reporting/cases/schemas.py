"""Cases and delivered products on the wire."""

from datetime import date
from uuid import UUID

from shared.db.rows import Row
from shared.http.schema import Day, Whole, Wire


class CaseOut(Wire):
    """Something one can book hours on."""

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
    def of(cls, row: Row) -> "CaseOut":
        names = cls.model_fields.keys() - {"case_kind"}
        return cls(case_kind=row["kind"], **{name: row[name] for name in names})


class DeliveryOut(Wire):
    """A product that an event counted as delivered."""

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
    def of(cls, row: Row) -> "DeliveryOut":
        names = cls.model_fields.keys() - {"case_id", "counting_event"}
        return cls(
            case_id=row["subject"],
            counting_event=row["event"],
            **{name: row[name] for name in names},
        )
