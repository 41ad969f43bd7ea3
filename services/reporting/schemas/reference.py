"""Participants, products, versioned figures and budgets on the wire."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from services.reporting.domain.versions import Validity
from services.reporting.handlers.budgets import PlannedProduct
from services.reporting.schemas.common import Count, ProductCode, Rate, Reference, Year
from shared.db.rows import Row
from shared.http.schema import (
    Amount,
    AmountUp,
    Day,
    Flag,
    Instant,
    Participant,
    Text,
    Whole,
    Wire,
    whole,
)


class ParticipantOut(Wire):
    """A participant of the agency."""

    code: Participant
    name: str
    kind: str
    joined_on: Day
    left_on: Day | None

    @classmethod
    def of(cls, row: Row) -> "ParticipantOut":
        return cls(**{name: row[name] for name in cls.model_fields})


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


class VersionIn(Wire):
    """When a proposed version holds, and on what decision."""

    valid_from: Day
    valid_until: Day | None = None
    decision_reference: Reference

    @property
    def validity(self) -> Validity:
        return Validity(self.valid_from, self.valid_until)

    def values(self) -> dict[str, Any]:
        """What is particular to this kind."""
        return {name: getattr(self, name) for name in type(self).model_fields.keys() - _COMMON}


_COMMON = {"valid_from", "valid_until", "decision_reference"}


class TariffIn(VersionIn):
    """A tariff in euro an hour; without a product it holds for all."""

    product: ProductCode | None = None
    rate: Rate


class NormIn(VersionIn):
    """A norm (kental): minutes for one piece."""

    product: ProductCode
    minutes: Annotated[int, whole(1, 100_000)]


Weight = Annotated[int, whole(0, 10_000_000)]


class KeyIn(VersionIn):
    """A key that divides, with whole weights per participant."""

    code: Text
    name: Text
    weights: Annotated[dict[Participant, Weight], Field(min_length=1, max_length=100)]


class ParameterIn(VersionIn):
    """A limit or a choice that policy decides."""

    code: Text
    content: Annotated[dict[str, Any], Field(min_length=1, max_length=20)]


class VersionOut(Wire):
    """What every version carries."""

    id: UUID
    version: Whole
    valid_from: Day
    valid_until: Day | None
    decision_reference: str
    confirmed: Flag
    proposed_by: str
    proposed_at: Instant
    activated_by: str | None
    activated_at: Instant | None

    columns: ClassVar[Mapping[str, str]] = {}

    @classmethod
    def of(cls, row: Row) -> "VersionOut":
        return cls(**{name: row[cls.columns.get(name, name)] for name in cls.model_fields})


class TariffOut(VersionOut):
    """A tariff."""

    product: str | None
    rate: Rate


class NormOut(VersionOut):
    """A norm."""

    product: str
    minutes: Whole


class KeyOut(VersionOut):
    """A key."""

    code: str
    name: str
    weights: dict[str, int]


class ParameterOut(VersionOut):
    """A parameter."""

    code: str
    content: dict[str, Any]

    columns: ClassVar[Mapping[str, str]] = {"content": "value"}


class BudgetLineIn(Wire):
    """What is planned of one product."""

    product: ProductCode
    quantity: Count
    minutes: Count
    amount: AmountUp

    def planned(self) -> PlannedProduct:
        return PlannedProduct(self.product, self.quantity, self.minutes, self.amount)


class BudgetIn(Wire):
    """A budget, or a change of it: the whole of it again."""

    participant: Participant
    year: Year
    advance: Amount
    decision_reference: Reference
    lines: Annotated[tuple[BudgetLineIn, ...], Field(min_length=1, max_length=200)]


class BudgetOut(Wire):
    """A budget without its lines."""

    id: UUID
    version: Whole
    participant: str
    year: Whole
    number: Whole
    advance: Amount
    planned_minutes: Whole
    planned_amount: Amount
    decision_reference: str
    confirmed: Flag
    proposed_by: str
    proposed_at: Instant
    activated_by: str | None
    activated_at: Instant | None

    @classmethod
    def of(cls, row: Row) -> "BudgetOut":
        return cls(**{name: row[name] for name in cls.model_fields})


class BudgetLineOut(Wire):
    """What is planned of one product."""

    product: str
    product_name: str
    quantity: Whole
    minutes: Whole
    amount: Amount


class BudgetLinesOut(BudgetOut):
    """A budget with its lines."""

    lines: tuple[BudgetLineOut, ...]

    @classmethod
    def with_lines(cls, row: Row, lines: Iterable[Row]) -> "BudgetLinesOut":
        found = tuple(
            BudgetLineOut(**{name: line[name] for name in BudgetLineOut.model_fields})
            for line in lines
        )
        names = BudgetOut.model_fields.keys() - {"planned_minutes", "planned_amount"}
        return cls(
            **{name: row[name] for name in names},
            planned_minutes=sum(line.minutes for line in found),
            planned_amount=sum((line.amount for line in found), Decimal("0.00")),
            lines=found,
        )
