"""A product on the wire."""

from shared.db.rows import Row
from shared.http.schema import (
    Day,
    Flag,
    Whole,
    Wire,
)


class ProductOut(Wire):
    """A product, with the norm that holds today."""

    code: str
    name: str
    product_unit: str
    programme: str
    kind: str
    demand_driven: Flag
    norm_minutes: Whole | None
    counting_event: str | None
    valid_from: Day
    valid_until: Day | None
    decision_reference: str
    confirmed: Flag

    @classmethod
    def of(cls, row: Row) -> "ProductOut":
        names = cls.model_fields.keys() - {"product_unit"}
        return cls(product_unit=row["unit"], **{name: row[name] for name in names})
