"""The year of a participant so far: its products, its forecast and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from services.reporting.budgets.domain import BudgetInForce, PlannedLine
from services.reporting.prices.domain import Priced
from services.reporting.realisation.domain import plan
from services.reporting.realisation.domain.plan import (
    Bridge,
    Judgement,
    ProductResult,
    Ratio,
    Thresholds,
)


@dataclass(frozen=True, slots=True)
class CatalogueProduct:
    """A product as the catalogue has it at the end of the period."""

    code: str
    name: str
    unit: str
    demand_driven: bool
    norm_minutes: int | None
    counted: bool


@dataclass(frozen=True, slots=True)
class BookedMonth:
    """Hours on a product in a month: those that count, and those that wait for approval."""

    product: str
    month: int
    counted: int
    unapproved: int


@dataclass(frozen=True, slots=True)
class ProductYear:
    """One product: planned, done and what it costs."""

    code: str
    name: str
    unit: str
    demand_driven: bool
    planned_quantity: int
    quantity: int | None
    norm_minutes: int | None
    planned_minutes: int
    minutes: int
    unapproved: int
    planned_amount: Decimal
    amount: Decimal
    exact: ProductResult

    @property
    def minutes_each(self) -> int | None:
        """Minutes for one piece, where pieces are counted."""
        return self.minutes // self.quantity if self.quantity else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the year is, by days and by season."""

    until: date
    share: Fraction
    seasonal: Fraction | None

    def forecasts(self, actual: int) -> tuple[int | None, int | None]:
        """The year's total by days, and by season where that is known."""
        seasonal = None if self.seasonal is None else plan.forecast(actual, self.seasonal)
        return plan.forecast(actual, self.share), seasonal

    def expected(self, actual: int) -> int | None:
        """The forecast that counts: by season where it is known."""
        linear, seasonal = self.forecasts(actual)
        return linear if seasonal is None else seasonal


@dataclass(frozen=True, slots=True)
class YearInputs:
    """Everything that the year of a participant is made of."""

    participant: str
    name: str
    year: int
    progress: Progress
    budget: BudgetInForce | None
    catalogue: Sequence[CatalogueProduct]
    booked: Sequence[BookedMonth]
    delivered: dict[str, int]
    priced: Sequence[Priced]
    collective: tuple[Priced, ...]
    rate: Decimal
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Realisation:
    """The year of a participant so far; its totals are of own products."""

    participant: str
    name: str
    year: int
    progress: Progress
    budget: BudgetInForce | None
    products: tuple[ProductYear, ...]
    months: tuple[int, ...]
    collective: tuple[Priced, ...]
    judgement: Judgement
    bridge: Bridge

    @property
    def planned_minutes(self) -> int:
        return sum(row.planned_minutes for row in self.products)

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.products)

    @property
    def unapproved(self) -> int:
        return sum(row.unapproved for row in self.products)

    @property
    def planned_amount(self) -> Decimal:
        return sum((row.planned_amount for row in self.products), Decimal("0.00"))

    @property
    def amount(self) -> Decimal:
        return sum((row.amount for row in self.products), Decimal("0.00"))

    @property
    def advance(self) -> Decimal:
        return self.budget.advance if self.budget else Decimal("0.00")

    @property
    def collective_minutes(self) -> int:
        return sum(line.minutes for line in self.collective)

    @property
    def collective_amount(self) -> Decimal:
        return sum((line.amount for line in self.collective), Decimal("0.00"))

    @property
    def planned_collective_minutes(self) -> int:
        return self.budget.collective_minutes if self.budget else 0

    @property
    def linear(self) -> int | None:
        """The forecast by days."""
        return self.progress.forecasts(self.minutes)[0]

    @property
    def seasonal(self) -> int | None:
        """The forecast by season."""
        return self.progress.forecasts(self.minutes)[1]

    @property
    def expected(self) -> int | None:
        """The forecast that counts."""
        return self.progress.expected(self.minutes)

    @property
    def expected_amount(self) -> Decimal | None:
        """The forecast in euros: the hours to come at the average price of those so far."""
        if self.expected is None or not self.minutes:
            return None
        return plan.rounded(Fraction(self.amount) * self.expected / self.minutes, 2)

    @property
    def spent(self) -> Ratio:
        """Hours against the year's plan."""
        return Ratio(self.minutes, self.planned_minutes)


def realise(inputs: YearInputs) -> Realisation:
    """The year, from what it is made of."""
    products = _products(inputs)
    minutes = sum(row.minutes for row in products)
    planned = sum(row.planned_minutes for row in products)
    return Realisation(
        participant=inputs.participant,
        name=inputs.name,
        year=inputs.year,
        progress=inputs.progress,
        budget=inputs.budget,
        products=products,
        months=_months(inputs.booked),
        collective=inputs.collective,
        judgement=plan.judge(inputs.progress.expected(minutes), planned, inputs.thresholds),
        bridge=sum((plan.bridge(row.exact) for row in products), plan.NO_BRIDGE),
    )


def _months(booked: Sequence[BookedMonth]) -> tuple[int, ...]:
    counted = [0] * 12
    for row in booked:
        counted[row.month - 1] += row.counted
    return tuple(counted)


def _products(inputs: YearInputs) -> tuple[ProductYear, ...]:
    """The products that were planned, delivered or worked on; collective ones stand apart."""
    plans = {line.product: line for line in inputs.budget.own} if inputs.budget else {}
    rows = []
    for product in inputs.catalogue:
        code = product.code
        mine = [row for row in inputs.booked if row.product == code]
        if code not in plans and code not in inputs.delivered and not mine:
            continue
        quantity = None
        if product.counted or code in inputs.delivered:
            quantity = inputs.delivered.get(code, 0)
        amounts = (line.amount for line in inputs.priced if line.product == code)
        amount = sum(amounts, Decimal("0.00"))
        rows.append(_product(product, plans.get(code), mine, quantity, amount, inputs.rate))
    return tuple(rows)


def _product(
    product: CatalogueProduct,
    planned: PlannedLine | None,
    booked: Sequence[BookedMonth],
    quantity: int | None,
    amount: Decimal,
    rate: Decimal,
) -> ProductYear:
    result = ProductResult(
        planned_quantity=planned.quantity if planned else 0,
        planned_minutes=planned.minutes if planned else 0,
        planned_amount=planned.amount if planned else Decimal("0.00"),
        quantity=quantity,
        minutes=sum(row.counted for row in booked),
        amount=Fraction(amount),
        norm_minutes=product.norm_minutes,
        rate=rate or None,
    )
    return ProductYear(
        code=product.code,
        name=product.name,
        unit=product.unit,
        demand_driven=product.demand_driven,
        planned_quantity=result.planned_quantity,
        quantity=quantity,
        norm_minutes=product.norm_minutes,
        planned_minutes=result.planned_minutes,
        minutes=result.minutes,
        unapproved=sum(row.unapproved for row in booked),
        planned_amount=result.planned_amount,
        amount=amount,
        exact=result,
    )


@dataclass(frozen=True, slots=True)
class Overview:
    """One participant in the overview."""

    code: str
    name: str
    planned_minutes: int
    planned_amount: Decimal
    minutes: int
    unapproved: int
    expected: int | None
    judgement: Judgement
