"""Een product op de lijn."""

from dataclasses import asdict

from pydantic import Field

from services.reporting.products.queries import ProductRow
from shared.http.schema import Day, Flag, Whole, Wire


class ProductOut(Wire):
    """Een product, met het kental dat vandaag geldt."""

    code: str
    name: str
    product_unit: str
    programme: str
    kind: str
    demand_driven: Flag
    norm_minutes: Whole | None
    counting_event: str | None
    valid_from: Day
    valid_until: Day | None = Field(description="Eerste dag waarop dit niet meer geldt")
    decision_reference: str
    confirmed: Flag

    @classmethod
    def of(cls, row: ProductRow) -> "ProductOut":
        facts = asdict(row)
        return cls(product_unit=facts.pop("unit"), **facts)


class Products(Wire):
    """Producten."""

    results: tuple[ProductOut, ...]
