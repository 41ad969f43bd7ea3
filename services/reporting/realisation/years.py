"""The figures of one participant and one year, as the dashboard and the settlement use them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import text

from services.reporting.prices import queries as prices_queries
from services.reporting.realisation.domain import Thresholds
from services.reporting.settlements.domain import (
    Band,
    BandMode,
    Inputs,
    Priced,
    Result,
    collective_part,
)
from shared.db.rows import Row, Rows
from shared.errors import NotAllowed

_COUNTED = "state IN ('goedgekeurd', 'gesloten', 'verrekend')"

# Lines per product and version of the tariff: a product's own tariff before the uniform one.
_PRICED_FROM = f"""
    SELECT l.product, COALESCE(own.id, uniform.id) AS tariff_id,
           COALESCE(own.rate, uniform.rate) AS rate, sum(l.minutes)::int AS minutes
    FROM hour_line l
    LEFT JOIN tariff own ON own.product = l.product AND own.activated_at IS NOT NULL
         AND own.valid_from <= l.work_date
         AND (own.valid_until IS NULL OR l.work_date < own.valid_until)
    LEFT JOIN tariff uniform ON uniform.product IS NULL AND uniform.activated_at IS NOT NULL
         AND uniform.valid_from <= l.work_date
         AND (uniform.valid_until IS NULL OR l.work_date < uniform.valid_until)
    WHERE l.{_COUNTED} AND l.booked_on >= :first AND l.booked_on < :after
"""  # noqa: S608 - the state list is a constant above
PRICED = text(_PRICED_FROM + " AND l.participant = :participant GROUP BY 1, 2, 3 ORDER BY 1, 2")
COLLECTIVE = text(_PRICED_FROM + " AND l.kind = 'collectief' GROUP BY 1, 2, 3 ORDER BY 1, 2")
BUDGET = text("""
    SELECT * FROM budget
    WHERE participant = :participant AND year = :year AND activated_at IS NOT NULL
    ORDER BY number DESC LIMIT 1
""")
BUDGET_LINES = text("SELECT * FROM budget_line WHERE budget_id = :id ORDER BY product")
_KEY = text("""
    SELECT id, weights FROM sharing_key
    WHERE code = :code AND activated_at IS NOT NULL
      AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
""")
_RATE = text("""
    SELECT rate FROM tariff
    WHERE product IS NULL AND activated_at IS NOT NULL
      AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
""")
_LIGHTS = text("""
    SELECT value, confirmed, valid_from FROM parameter
    WHERE code = 'verkeerslicht' AND activated_at IS NOT NULL
      AND valid_from <= :day AND (valid_until IS NULL OR :day < valid_until)
""")
_PARTICIPANT = text("SELECT code, name FROM participant WHERE code = :code")


@dataclass(frozen=True, slots=True)
class Key:
    """A key that divides, in the version that holds."""

    id: str
    weights: Mapping[str, int]


def span(year: int) -> dict[str, date]:
    """The first day of the year and the first day after it."""
    return {"first": date(year, 1, 1), "after": date(year + 1, 1, 1)}


def cutoff(year: int, today: date) -> date:
    """Up to which day the figures of a year run."""
    return min(today, date(year, 12, 31))


async def participant_of(rows: Rows, code: str) -> Row:
    """The participant. Raises NotFound."""
    return await rows.one(_PARTICIPANT, f"Deelnemer {code}", code=code)


async def priced(rows: Rows, participant: str, year: int) -> tuple[Priced, ...]:
    """The participant's own counted hours, per product and tariff version."""
    return _priced(await rows.all(PRICED, participant=participant, **span(year)))


async def collective(rows: Rows, participant: str, year: int) -> tuple[Priced, ...]:
    """The participant's part of the year's collective hours so far, by the key."""
    hours = _priced(await rows.all(COLLECTIVE, **span(year)))
    if not hours:
        return ()
    key = await key_for(rows, "sleutel-collectief", date(year, 12, 31))
    if key is None:
        raise NotAllowed("er geldt geen sleutel voor collectieve uren", article="verdeelsleutel")
    return collective_part(hours, key.weights, participant)


def _priced(found: list[Row]) -> tuple[Priced, ...]:
    for row in found:
        if row["rate"] is None:
            raise NotAllowed(f"er geldt geen tarief voor {row['product']}", article="tarief")
    return tuple(
        Priced(row["product"], str(row["tariff_id"]), row["rate"], row["minutes"])
        for row in found
        if row["minutes"]
    )


async def key_for(rows: Rows, parameter: str, day: date) -> Key | None:
    """The key that a parameter names."""
    named = await prices_queries.parameter_on(rows, parameter, day)
    row = await rows.first(_KEY, code=named["sleutel"], day=day) if named else None
    return Key(str(row["id"]), row["weights"]) if row else None


async def uniform_rate(rows: Rows, day: date) -> Decimal:
    """The uniform tariff on a day; zero where none holds."""
    rate: Decimal | None = await rows.value(_RATE, day=day)
    return rate if rate is not None else Decimal(0)


async def thresholds(rows: Rows, day: date) -> Thresholds:
    """The limits of the traffic light on a day."""
    row = await rows.first(_LIGHTS, day=day)
    if row is None:
        raise NotAllowed("er gelden geen grenzen voor het verkeerslicht", article="parameter")
    kind = "vastgesteld" if row["confirmed"] else "voorbeeldwaarde"
    version = f"{kind}, geldig vanaf {row['valid_from']:%d-%m-%Y}"
    return Thresholds(Decimal(row["value"]["groen"]), Decimal(row["value"]["oranje"]), version)


async def settlement_inputs(
    rows: Rows, participant: str, year: int, today: date, result: Decimal
) -> Inputs:
    """Everything the settlement of a participant's year depends on. Raises NotAllowed."""
    end = date(year, 12, 31)
    found = await rows.first(BUDGET, participant=participant, year=year)
    if found is None:
        raise NotAllowed(
            f"er is geen vastgestelde begroting van {year} voor deze deelnemer",
            article="begroting",
        )
    lines = await rows.all(BUDGET_LINES, id=found["id"])
    own = await priced(rows, participant, year)
    shared = await collective(rows, participant, year)
    return Inputs(
        participant=participant,
        year=year,
        lines=own + shared,
        planned_minutes=sum(line["minutes"] for line in lines),
        planned_rate=await uniform_rate(rows, end),
        advance=found["advance"],
        band=_band(await prices_queries.parameter_on(rows, "bandbreedte", end)),
        result=await _result(rows, result, end),
        budget_id=str(found["id"]),
        cutoff=cutoff(year, today),
    )


def _band(value: dict[str, Any] | None) -> Band:
    return Band(Decimal(value["percentage"]), BandMode(value["wijze"])) if value else Band()


async def _result(rows: Rows, amount: Decimal, day: date) -> Result:
    if not amount:
        return Result()
    key = await key_for(rows, "sleutel-resultaat", day)
    if key is None:
        raise NotAllowed("er geldt geen sleutel voor het resultaat", article="verdeelsleutel")
    return Result(amount, key.weights, key.id)
