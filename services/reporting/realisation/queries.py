"""Reads of plan against actual: the year of a participant, and the overview of all."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import text

from services.reporting.budgets.in_force import budget_of
from services.reporting.context import ReadCtx
from services.reporting.participants.queries import participant
from services.reporting.prices import pricing
from services.reporting.prices.domain import Priced, collective_part
from services.reporting.prices.queries import parameter_on
from services.reporting.realisation.domain import plan
from services.reporting.realisation.domain.plan import Thresholds
from services.reporting.realisation.domain.year import (
    BookedMonth,
    CatalogueProduct,
    Overview,
    Progress,
    Realisation,
    YearInputs,
    realise,
)
from services.reporting.sight import limited_to
from shared.db.query import Query
from shared.db.rows import Rows
from shared.errors import NotAllowed
from shared.product.roles import Scope


class Delivered(NamedTuple):
    """How often a product was delivered."""

    product: str
    quantity: int


class Lights(NamedTuple):
    """The limits of the traffic light, and since when they hold."""

    value: dict[str, Any]
    confirmed: bool
    valid_from: date


class OverviewRow(NamedTuple):
    """Sums of one participant."""

    code: str
    name: str
    planned_minutes: int
    planned_amount: Decimal
    minutes: int
    unapproved: int


_BOOKED = Query(
    BookedMonth,
    text("""
        SELECT product, extract(month FROM booked_on)::int AS month,
               COALESCE(sum(minutes) FILTER (
                   WHERE state IN ('goedgekeurd', 'gesloten', 'verrekend')), 0)::int AS counted,
               COALESCE(sum(minutes) FILTER (
                   WHERE state IN ('open', 'ingediend')), 0)::int AS unapproved
        FROM hour_line
        WHERE participant = :participant AND booked_on >= :first AND booked_on < :after
          AND state <> 'teruggenomen'
        GROUP BY 1, 2
    """),
)
_DELIVERED = Query(
    Delivered,
    text("""
        SELECT product, sum(quantity)::int AS quantity FROM product_delivery
        WHERE participant = :participant AND delivered_on >= :first AND delivered_on < :after
        GROUP BY 1
    """),
)
_CATALOGUE = Query(
    CatalogueProduct,
    text("""
        SELECT p.code, p.name, p.unit, p.demand_driven, n.minutes AS norm_minutes,
               EXISTS (SELECT FROM product_rule r
                       WHERE r.product = p.code AND r.counts AND r.activated_at IS NOT NULL
                         AND r.valid_from <= :day
                         AND (r.valid_until IS NULL OR :day < r.valid_until)) AS counted
        FROM product p LEFT JOIN norm n ON n.product = p.code AND n.activated_at IS NOT NULL
             AND n.valid_from <= :day AND (n.valid_until IS NULL OR :day < n.valid_until)
        WHERE p.kind <> 'indirect' ORDER BY p.code
    """),
)
_OVERVIEW = Query(
    OverviewRow,
    text(f"""
        WITH plan AS (
            SELECT DISTINCT ON (b.participant) b.participant, b.id FROM budget b
            WHERE b.year = :year AND b.activated_at IS NOT NULL
            ORDER BY b.participant, b.number DESC),
        planned AS (
            SELECT plan.participant, sum(l.minutes)::int AS minutes, sum(l.amount) AS amount
            FROM plan JOIN budget_line l ON l.budget_id = plan.id
            JOIN product ON product.code = l.product AND product.kind = 'direct' GROUP BY 1),
        done AS (
            SELECT participant,
                   COALESCE(sum(minutes) FILTER (
                       WHERE state IN ('goedgekeurd', 'gesloten', 'verrekend')), 0)::int
                       AS minutes,
                   COALESCE(sum(minutes) FILTER (
                       WHERE state IN ('open', 'ingediend')), 0)::int AS unapproved
            FROM hour_line
            WHERE participant IS NOT NULL AND booked_on >= :first AND booked_on < :after
            GROUP BY 1)
        SELECT p.code, p.name, COALESCE(planned.minutes, 0) AS planned_minutes,
               COALESCE(planned.amount, 0) AS planned_amount, COALESCE(done.minutes, 0) AS minutes,
               COALESCE(done.unapproved, 0) AS unapproved
        FROM participant p
        LEFT JOIN planned ON planned.participant = p.code
        LEFT JOIN done ON done.participant = p.code
        WHERE {limited_to("p.code")} ORDER BY p.name
    """),  # noqa: S608 - the condition is written in the code
)
_LIGHTS = Query(
    Lights,
    text("""
        SELECT value, confirmed, valid_from FROM parameter
        WHERE code = 'verkeerslicht' AND activated_at IS NOT NULL
          AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
    """),
)


async def progress(rows: Rows, year: int, today: date) -> Progress:
    """How far the year is."""
    season = await parameter_on(rows, "seizoen", date(year, 12, 31))
    seasonal = plan.seasonal_share(year, today, season["maanden"]) if season else None
    return Progress(pricing.cutoff(year, today), plan.year_share(year, today), seasonal)


async def thresholds(rows: Rows, day: date) -> Thresholds:
    """The limits of the traffic light on a day. Raises NotAllowed."""
    row = await rows.first(_LIGHTS, day=day)
    if row is None:
        raise NotAllowed("Er gelden geen grenzen voor het verkeerslicht", article="parameter")
    kind = "vastgesteld" if row.confirmed else "voorbeeldwaarde"
    version = f"{kind}, geldig vanaf {row.valid_from:%d-%m-%Y}"
    return Thresholds(Decimal(row.value["groen"]), Decimal(row.value["oranje"]), version)


async def realisation(code: str, year: int, ctx: ReadCtx) -> Realisation:
    """The year of a participant so far. Raises Forbidden, NotFound, NotAllowed."""
    ctx.require(Scope.SETTLEMENTS_READ)
    who = await participant(code, ctx)
    rows, span = ctx.rows, pricing.span(year)
    day = pricing.cutoff(year, ctx.today)
    delivered = await rows.all(_DELIVERED, participant=code, **span)
    return realise(
        YearInputs(
            participant=code,
            name=who.name,
            year=year,
            progress=await progress(rows, year, ctx.today),
            budget=await budget_of(rows, code, year),
            catalogue=await rows.all(_CATALOGUE, day=day),
            booked=await rows.all(_BOOKED, participant=code, **span),
            delivered={row.product: row.quantity for row in delivered},
            priced=await pricing.own_hours(rows, code, year),
            collective=await _collective(rows, code, year),
            rate=await pricing.uniform_rate(rows, date(year, 12, 31)),
            thresholds=await thresholds(rows, day),
        )
    )


async def _collective(rows: Rows, code: str, year: int) -> tuple[Priced, ...]:
    """The participant's part of the year's collective hours so far. Raises NotAllowed."""
    hours = await pricing.collective_hours(rows, year)
    if not hours:
        return ()
    key = await pricing.collective_key(rows, year)
    return collective_part(hours, key.weights, code)


async def overview(year: int, ctx: ReadCtx) -> tuple[Progress, Thresholds, list[Overview]]:
    """All participants a caller may see, with their lights. Raises Forbidden, NotAllowed."""
    ctx.require(Scope.SETTLEMENTS_READ)
    found = await ctx.rows.all(_OVERVIEW, year=year, sight=ctx.sight, **pricing.span(year))
    far = await progress(ctx.rows, year, ctx.today)
    limits = await thresholds(ctx.rows, pricing.cutoff(year, ctx.today))
    return far, limits, [_overview(row, far, limits) for row in found]


def _overview(row: OverviewRow, far: Progress, limits: Thresholds) -> Overview:
    expected = far.expected(row.minutes)
    return Overview(
        **row._asdict(),
        expected=expected,
        judgement=plan.judge(expected, row.planned_minutes, limits),
    )
