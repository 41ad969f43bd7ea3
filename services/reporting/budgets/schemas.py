"""Begrotingen op de lijn."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.reporting.budgets.commands import ProposeBudget
from services.reporting.budgets.domain import PlannedProduct
from services.reporting.budgets.queries import BudgetDetail, BudgetRow
from services.reporting.fields import Count, ProductCode, Reference, Year
from shared.http.schema import Amount, AmountUp, Flag, Instant, Participant, Whole, Wire


class BudgetLineIn(Wire, validate_by_name=False):
    """Wat van een product is begroot."""

    product: ProductCode
    quantity: Count
    minutes: Count
    amount: AmountUp

    def planned(self) -> PlannedProduct:
        return PlannedProduct(self.product, self.quantity, self.minutes, self.amount)


class BudgetIn(Wire, validate_by_name=False):
    """Een begroting, of een wijziging ervan: opnieuw in haar geheel."""

    participant: Participant
    year: Year
    advance: Amount
    decision_reference: Reference
    lines: Annotated[tuple[BudgetLineIn, ...], Field(min_length=1, max_length=200)]

    def command(self) -> ProposeBudget:
        lines = [line.planned() for line in self.lines]
        return ProposeBudget(
            self.participant, self.year, self.advance, self.decision_reference, lines
        )


class BudgetOut(Wire):
    """Een begroting zonder haar regels."""

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
    def of(cls, row: BudgetRow) -> "BudgetOut":
        return cls(**asdict(row))


class Budgets(Wire):
    """Begrotingen."""

    results: tuple[BudgetOut, ...]


class BudgetLineOut(Wire):
    """Wat van een product is begroot."""

    product: str
    product_name: str
    quantity: Whole
    minutes: Whole
    amount: Amount


class BudgetLinesOut(BudgetOut):
    """Een begroting met haar regels."""

    lines: tuple[BudgetLineOut, ...]

    @classmethod
    def of_detail(cls, found: BudgetDetail) -> "BudgetLinesOut":
        lines = tuple(BudgetLineOut(**line._asdict()) for line in found.lines)
        return cls(**asdict(found.budget), lines=lines)
