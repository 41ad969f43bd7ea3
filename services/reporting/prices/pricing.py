"""Hours at their price, and the keys that divide them: what realisation and settlement share."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from services.reporting.prices.domain import Key, Priced
from services.reporting.prices.queries import parameter_on
from shared.db.query import Query
from shared.db.rows import Rows
from shared.errors import NotAllowed


class PricedRow(NamedTuple):
    """Minutes per product and version of the tariff; nobody's are collective."""

    participant: str | None
    product: str
    tariff_id: UUID | None
    rate: Decimal | None
    minutes: int


class KeyRow(NamedTuple):
    """A key in force."""

    id: UUID
    weights: dict[str, Any]


# A product's own tariff before the uniform one.
_PRICED = """
    SELECT l.participant, l.product, COALESCE(own.id, uniform.id) AS tariff_id,
           COALESCE(own.rate, uniform.rate) AS rate, sum(l.minutes)::int AS minutes
    FROM hour_line l
    LEFT JOIN tariff own ON own.product = l.product AND own.activated_at IS NOT NULL
         AND own.valid_from <= l.work_date
         AND (own.valid_until IS NULL OR l.work_date < own.valid_until)
    LEFT JOIN tariff uniform ON uniform.product IS NULL AND uniform.activated_at IS NOT NULL
         AND uniform.valid_from <= l.work_date
         AND (uniform.valid_until IS NULL OR l.work_date < uniform.valid_until)
    WHERE l.state IN ('goedgekeurd', 'gesloten', 'verrekend')
      AND l.booked_on >= :first AND l.booked_on < :after
"""
_GROUPED = "GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3"
_OWN = Query(PricedRow, text(f"{_PRICED} AND l.participant = :participant {_GROUPED}"))
_ALL_OWN = Query(PricedRow, text(f"{_PRICED} AND l.kind = 'direct' {_GROUPED}"))
_COLLECTIVE = Query(PricedRow, text(f"{_PRICED} AND l.kind = 'collectief' {_GROUPED}"))
_KEY = Query(
    KeyRow,
    text("""
        SELECT id, weights FROM sharing_key
        WHERE code = :code AND activated_at IS NOT NULL
          AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
    """),
)
_RATE = Query(
    Decimal,
    text("""
        SELECT rate FROM tariff
        WHERE product IS NULL AND activated_at IS NOT NULL
          AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
    """),
)


def span(year: int) -> dict[str, date]:
    """The first day of the year and the first day after it."""
    return {"first": date(year, 1, 1), "after": date(year + 1, 1, 1)}


def cutoff(year: int, today: date) -> date:
    """Up to which day the figures of a year run."""
    return min(today, date(year, 12, 31))


async def own_hours(rows: Rows, participant: str, year: int) -> tuple[Priced, ...]:
    """The participant's own counted hours, per product and tariff version. Raises NotAllowed."""
    found = await rows.all(_OWN, participant=participant, **span(year))
    return tuple(line for row in found if (line := _priced(row)))


async def own_hours_of_all(rows: Rows, year: int) -> dict[str, tuple[Priced, ...]]:
    """The same of every participant that has any. Raises NotAllowed."""
    hours: dict[str, tuple[Priced, ...]] = {}
    for row in await rows.all(_ALL_OWN, **span(year)):
        if row.participant and (line := _priced(row)):
            hours[row.participant] = (*hours.get(row.participant, ()), line)
    return hours


async def collective_hours(rows: Rows, year: int) -> tuple[Priced, ...]:
    """The year's collective hours so far, of all participants together. Raises NotAllowed."""
    found = await rows.all(_COLLECTIVE, **span(year))
    return tuple(line for row in found if (line := _priced(row)))


def _priced(row: PricedRow) -> Priced | None:
    if row.rate is None:
        raise NotAllowed(f"Er geldt geen tarief voor {row.product}", article="tarief")
    if not row.minutes:
        return None
    return Priced(row.product, str(row.tariff_id), row.rate, row.minutes)


async def collective_key(rows: Rows, year: int) -> Key:
    """The key of the year's collective hours. Raises NotAllowed."""
    return await _required_key(rows, "sleutel-collectief", year, "collectieve uren")


async def result_key(rows: Rows, year: int) -> Key:
    """The key of the year's result. Raises NotAllowed."""
    return await _required_key(rows, "sleutel-resultaat", year, "het resultaat")


async def _required_key(rows: Rows, parameter: str, year: int, of: str) -> Key:
    day = date(year, 12, 31)
    named = await parameter_on(rows, parameter, day)
    row = await rows.first(_KEY, code=named["sleutel"] if named else "", day=day)
    if row is None:
        raise NotAllowed(f"Er geldt geen sleutel voor {of}", article="verdeelsleutel")
    return Key(str(row.id), row.weights)


async def uniform_rate(rows: Rows, day: date) -> Decimal:
    """The uniform tariff on a day; zero where none holds."""
    rate = await rows.value(_RATE, day=day)
    return rate if rate is not None else Decimal(0)
