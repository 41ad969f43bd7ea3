"""Plan against actual of a participant and a year: the dashboard, and the overview of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import text

from services.reporting.prices import queries as prices_queries
from services.reporting.realisation import domain as plan
from services.reporting.realisation import years
from services.reporting.realisation.domain import (
    Bridge,
    Judgement,
    ProductResult,
    Ratio,
    Thresholds,
)
from services.reporting.settlements.domain import Priced
from shared.db.rows import Row, Rows

_HOURS = text("""
    SELECT product, extract(month FROM booked_on)::int AS month,
           COALESCE(sum(minutes) FILTER (
               WHERE state IN ('goedgekeurd', 'gesloten', 'verrekend')), 0)::int AS counted,
           COALESCE(sum(minutes) FILTER (
               WHERE state IN ('open', 'ingediend')), 0)::int AS unapproved
    FROM hour_line
    WHERE participant = :participant AND booked_on >= :first AND booked_on < :after
    GROUP BY 1, 2
""")
_DELIVERED = text("""
    SELECT product, sum(quantity)::int AS quantity FROM product_delivery
    WHERE participant = :participant AND delivered_on >= :first AND delivered_on < :after
    GROUP BY 1
""")
_NORMS = text("""
    SELECT p.code, p.name, p.unit, p.demand_driven, n.minutes AS norm_minutes,
           EXISTS (SELECT FROM product_rule r
                   WHERE r.product = p.code AND r.counts AND r.activated_at IS NOT NULL
                     AND r.valid_from <= :day AND (r.valid_until IS NULL OR :day < r.valid_until)
           ) AS counted
    FROM product p LEFT JOIN norm n ON n.product = p.code AND n.activated_at IS NOT NULL
         AND n.valid_from <= :day AND (n.valid_until IS NULL OR :day < n.valid_until)
    WHERE p.kind <> 'indirect' ORDER BY p.code
""")
_OVERVIEW = text("""
    WITH plan AS (
        SELECT DISTINCT ON (b.participant) b.participant, b.id, b.advance FROM budget b
        WHERE b.year = :year AND b.activated_at IS NOT NULL
        ORDER BY b.participant, b.number DESC),
    planned AS (
        SELECT plan.participant, plan.advance, sum(l.minutes)::int AS minutes,
               sum(l.amount) AS amount
        FROM plan LEFT JOIN budget_line l ON l.budget_id = plan.id GROUP BY 1, 2),
    done AS (
        SELECT participant,
               COALESCE(sum(minutes) FILTER (
                   WHERE state IN ('goedgekeurd', 'gesloten', 'verrekend')), 0)::int AS minutes,
               COALESCE(sum(minutes) FILTER (
                   WHERE state IN ('open', 'ingediend')), 0)::int AS unapproved
        FROM hour_line
        WHERE participant IS NOT NULL AND booked_on >= :first AND booked_on < :after
        GROUP BY 1)
    SELECT p.code, p.name, planned.advance, COALESCE(planned.minutes, 0) AS planned_minutes,
           COALESCE(planned.amount, 0) AS planned_amount, COALESCE(done.minutes, 0) AS minutes,
           COALESCE(done.unapproved, 0) AS unapproved
    FROM participant p
    LEFT JOIN planned ON planned.participant = p.code LEFT JOIN done ON done.participant = p.code
    WHERE CAST(:codes AS text[]) IS NULL OR p.code = ANY(CAST(:codes AS text[]))
    ORDER BY p.name
""")


@dataclass(frozen=True, slots=True)
class ProductRow:
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
class Clock:
    """How far the year is, by days and by season."""

    until: date
    share: Fraction
    seasonal: Fraction | None

    def forecasts(self, actual: int) -> tuple[int | None, int | None]:
        """The year's total by days, and by season where that is known."""
        seasonal = None if self.seasonal is None else plan.forecast(actual, self.seasonal)
        return plan.forecast(actual, self.share), seasonal


@dataclass(frozen=True, slots=True)
class Realisation:
    """The year of a participant so far."""

    participant: str
    name: str
    year: int
    clock: Clock
    budget_id: str | None
    budget_number: int | None
    budget_reference: str | None
    advance: Decimal
    products: tuple[ProductRow, ...]
    months: tuple[int, ...]
    collective: tuple[Priced, ...]
    linear: int | None
    seasonal: int | None
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
    def collective_minutes(self) -> int:
        return sum(line.minutes for line in self.collective)

    @property
    def collective_amount(self) -> Decimal:
        return sum((line.amount for line in self.collective), Decimal("0.00"))

    @property
    def expected(self) -> int | None:
        """The forecast that counts: by season where it is known."""
        return self.linear if self.seasonal is None else self.seasonal

    @property
    def expected_amount(self) -> Decimal | None:
        """The forecast in euros: the hours to come at the average price of those so far."""
        if self.expected is None or not self.minutes:
            return None
        total = Fraction(self.amount) * self.expected / self.minutes
        return plan.rounded(total, 2)

    @property
    def spent(self) -> Ratio:
        """Hours against the year's plan."""
        return Ratio(self.minutes, self.planned_minutes)


async def clock(rows: Rows, year: int, today: date) -> Clock:
    """How far the year is."""
    until = years.cutoff(year, today)
    share = plan.year_share(year, today)
    season = await prices_queries.parameter_on(rows, "seizoen", date(year, 12, 31))
    seasonal = plan.seasonal_share(year, today, season["maanden"]) if season else None
    return Clock(until, share, seasonal)


async def realisation(rows: Rows, code: str, year: int, today: date) -> Realisation:
    """The year of a participant so far. Raises NotFound."""
    who = await years.participant_of(rows, code)
    span = years.span(year)
    hours = await rows.all(_HOURS, participant=code, **span)
    delivered = await rows.all(_DELIVERED, participant=code, **span)
    catalogue = await rows.all(_NORMS, day=years.cutoff(year, today))
    budget = await rows.first(years.BUDGET, participant=code, year=year)
    planned = await rows.all(years.BUDGET_LINES, id=budget["id"]) if budget else []
    priced = await years.priced(rows, code, year)
    rate = await years.uniform_rate(rows, date(year, 12, 31))
    found = _products(catalogue, planned, hours, delivered, priced, rate)
    time = await clock(rows, year, today)
    minutes = sum(row.minutes for row in found)
    linear, seasonal = time.forecasts(minutes)
    limits = await years.thresholds(rows, years.cutoff(year, today))
    expected = linear if seasonal is None else seasonal
    return Realisation(
        participant=code,
        name=who["name"],
        year=year,
        clock=time,
        budget_id=str(budget["id"]) if budget else None,
        budget_number=budget["number"] if budget else None,
        budget_reference=budget["decision_reference"] if budget else None,
        advance=budget["advance"] if budget else Decimal("0.00"),
        products=found,
        months=_months(hours),
        collective=await years.collective(rows, code, year),
        linear=linear,
        seasonal=seasonal,
        judgement=plan.judge(expected, sum(row.planned_minutes for row in found), limits),
        bridge=sum((plan.bridge(row.exact) for row in found), plan.NO_BRIDGE),
    )


def _months(hours: Sequence[Row]) -> tuple[int, ...]:
    counted = [0] * 12
    for row in hours:
        counted[row["month"] - 1] += row["counted"]
    return tuple(counted)


def _products(
    catalogue: Sequence[Row],
    planned: Sequence[Row],
    hours: Sequence[Row],
    delivered: Sequence[Row],
    priced: Sequence[Priced],
    rate: Decimal,
) -> tuple[ProductRow, ...]:
    plans = {row["product"]: row for row in planned}
    done = {row["product"]: row["quantity"] for row in delivered}
    rows = []
    for product in catalogue:
        code = product["code"]
        mine = [row for row in hours if row["product"] == code]
        lines = tuple(line for line in priced if line.product == code)
        if code not in plans and code not in done and not mine:
            continue
        quantity = done.get(code, 0) if product["counted"] or code in done else None
        rows.append(_product(product, plans.get(code), mine, quantity, lines, rate))
    return tuple(rows)


def _product(
    product: Row,
    planned: Row | None,
    hours: Sequence[Row],
    quantity: int | None,
    lines: tuple[Priced, ...],
    rate: Decimal,
) -> ProductRow:
    minutes = sum(row["counted"] for row in hours)
    amount = sum((line.amount for line in lines), Decimal("0.00"))
    result = ProductResult(
        planned_quantity=planned["quantity"] if planned else 0,
        planned_minutes=planned["minutes"] if planned else 0,
        planned_amount=planned["amount"] if planned else Decimal("0.00"),
        quantity=quantity,
        minutes=minutes,
        amount=Fraction(amount),
        norm_minutes=product["norm_minutes"],
        rate=rate or None,
    )
    return ProductRow(
        code=product["code"],
        name=product["name"],
        unit=product["unit"],
        demand_driven=product["demand_driven"],
        planned_quantity=result.planned_quantity,
        quantity=quantity,
        norm_minutes=product["norm_minutes"],
        planned_minutes=result.planned_minutes,
        minutes=minutes,
        unapproved=sum(row["unapproved"] for row in hours),
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


async def overview(
    rows: Rows, codes: list[str] | None, year: int, today: date
) -> tuple[Clock, Thresholds, list[Overview]]:
    """All participants a caller may see, with their lights."""
    found = await rows.all(_OVERVIEW, year=year, codes=codes, **years.span(year))
    time = await clock(rows, year, today)
    limits = await years.thresholds(rows, years.cutoff(year, today))
    return time, limits, [_overview(row, time, limits) for row in found]


def _overview(row: Row, time: Clock, limits: Thresholds) -> Overview:
    linear, seasonal = time.forecasts(row["minutes"])
    expected = linear if seasonal is None else seasonal
    return Overview(
        code=row["code"],
        name=row["name"],
        planned_minutes=row["planned_minutes"],
        planned_amount=row["planned_amount"],
        minutes=row["minutes"],
        unapproved=row["unapproved"],
        expected=expected,
        judgement=plan.judge(expected, row["planned_minutes"], limits),
    )
