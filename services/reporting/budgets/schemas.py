"""Budgets on the wire."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reporting.budgets.commands import PlannedProduct
from services.reporting.fields import Count, ProductCode, Reference, Year
from shared.db.rows import Row
from shared.http.schema import (
    Amount,
    AmountUp,
    Flag,
    Instant,
    Participant,
    Whole,
    Wire,
)


class BudgetLineIn(Wire, validate_by_name=False):
    """What is planned of one product."""

    product: ProductCode
    quantity: Count
    minutes: Count
    amount: AmountUp

    def planned(self) -> PlannedProduct:
        return PlannedProduct(self.product, self.quantity, self.minutes, self.amount)


class BudgetIn(Wire, validate_by_name=False):
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
