"""Measuring indicators, and keeping what was measured."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import NamedTuple, TypeVar

from sqlalchemy import text

from services.reporting.context import Ctx, ReadCtx
from services.reporting.prices import pricing
from services.reporting.realisation.domain.indicators import (
    HourSums,
    Indicator,
    Sums,
    indicators,
)
from services.reporting.realisation.tables import kpi_measurement
from shared.db.query import Query
from shared.db.rows import Rows
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class HoursRow:
    """Minutes of a participant ('' is nobody's, or all when `whole`)."""

    participant: str
    whole: int
    direct: int
    present: int
    on_case: int
    approved: int
    charged: int
    written: int


class PlannedRow(NamedTuple):
    """What is planned."""

    participant: str
    whole: int
    minutes: int
    quantity: int


class DeliveredRow(NamedTuple):
    """What was delivered."""

    participant: str
    whole: int
    quantity: int


class ComplaintsRow(NamedTuple):
    """Complaints that were closed."""

    participant: str
    whole: int
    closed: int
    in_time: int


class MeasuredRow(NamedTuple):
    """The last measurement of an indicator for a day, and how many there were."""

    code: str
    participant: str
    measured_on: date
    numerator: int
    denominator: int
    definition_version: str
    turn: int


# Grouping sets give each participant and the agency as a whole in one pass.
_HOURS = Query(
    HoursRow,
    text("""
        SELECT COALESCE(l.participant, '') AS participant, grouping(l.participant) AS whole,
               COALESCE(sum(l.minutes) FILTER (WHERE l.kind <> 'indirect'), 0) AS direct,
               COALESCE(sum(l.minutes) FILTER (WHERE NOT p.absence), 0) AS present,
               COALESCE(sum(l.minutes) FILTER (
                   WHERE l.kind <> 'indirect' AND l.case_id IS NOT NULL), 0) AS on_case,
               COALESCE(sum(l.minutes) FILTER (
                   WHERE l.state IN ('goedgekeurd', 'gesloten', 'verrekend')), 0) AS approved,
               COALESCE(sum(l.minutes) FILTER (
                   WHERE l.kind = 'direct' AND l.state IN ('goedgekeurd', 'gesloten', 'verrekend')
               ), 0) AS charged,
               COALESCE(sum(l.minutes), 0) AS written
        FROM hour_line l JOIN product p ON p.code = l.product
        WHERE l.booked_on >= :first AND l.booked_on < :after
        GROUP BY GROUPING SETS ((l.participant), ())
    """),
)
_PLANNED = Query(
    PlannedRow,
    text("""
        WITH plan AS (
            SELECT DISTINCT ON (participant) id, participant FROM budget
            WHERE year = :year AND activated_at IS NOT NULL ORDER BY participant, number DESC)
        SELECT COALESCE(plan.participant, '') AS participant, grouping(plan.participant) AS whole,
               COALESCE(sum(l.minutes), 0) AS minutes,
               COALESCE(sum(l.quantity) FILTER (WHERE l.product IN (
                   SELECT product FROM product_rule WHERE counts)), 0) AS quantity
        FROM plan JOIN budget_line l ON l.budget_id = plan.id
        JOIN product p ON p.code = l.product AND p.kind = 'direct'
        GROUP BY GROUPING SETS ((plan.participant), ())
    """),
)
_DELIVERED = Query(
    DeliveredRow,
    text("""
        SELECT COALESCE(participant, '') AS participant, grouping(participant) AS whole,
               COALESCE(sum(quantity), 0) AS quantity
        FROM product_delivery WHERE delivered_on >= :first AND delivered_on < :after
        GROUP BY GROUPING SETS ((participant), ())
    """),
)
_COMPLAINTS = Query(
    ComplaintsRow,
    text("""
        SELECT COALESCE(participant, '') AS participant, grouping(participant) AS whole,
               count(*) AS closed, count(*) FILTER (WHERE within_term) AS in_time
        FROM case_file
        WHERE kind = 'klacht' AND closed_on >= :first AND closed_on < :after
        GROUP BY GROUPING SETS ((participant), ())
    """),
)
_MEASURED = Query(
    MeasuredRow,
    text("""
        SELECT DISTINCT ON (code, participant, measured_on)
               code, participant, measured_on, numerator, denominator, definition_version,
               turn
        FROM kpi_measurement WHERE year = :year AND measured_on = ANY(CAST(:days AS date[]))
        ORDER BY code, participant, measured_on, turn DESC
    """),
)
R = TypeVar("R", HoursRow, PlannedRow, DeliveredRow, ComplaintsRow)


async def measured(year: int, ctx: ReadCtx) -> list[Indicator]:
    """The indicators of a year that a caller may see. Raises Forbidden."""
    ctx.require(Scope.SETTLEMENTS_READ)
    every = indicators(await _sums(ctx.rows, year), year, pricing.cutoff(year, ctx.today))
    return [each for each in every if ctx.sight.sees(each.participant or None)]


@dataclass(frozen=True, slots=True)
class MeasureYear:
    """Keep the indicators of a year as they are today."""

    year: int


async def measure(command: MeasureYear, ctx: Ctx) -> None:
    """What differs from the last measurement of the day is added; that one stays."""
    found = await measured(command.year, ctx)
    days = sorted({each.measured_on for each in found})
    last = {
        (row.code, row.participant, row.measured_on): row
        for row in await ctx.rows.all(_MEASURED, year=command.year, days=days)
    }
    for each in found:
        before = last.get((each.code, each.participant, each.measured_on))
        row = MeasuredRow(
            code=each.code,
            participant=each.participant,
            measured_on=each.measured_on,
            **asdict(each.ratio),
            definition_version=each.definition.version,
            turn=before.turn if before else 1,
        )
        if row != before:
            turn = row.turn + 1 if before else 1
            told = {"year": each.year, "turn": turn, "recorded_at": ctx.now}
            ctx.work.insert(kpi_measurement, {**row._asdict(), **told})


async def _sums(rows: Rows, year: int) -> Sums:
    span = pricing.span(year)
    hours = _named(await rows.all(_HOURS, **span))
    planned = _named(await rows.all(_PLANNED, year=year))
    delivered = _named(await rows.all(_DELIVERED, **span))
    complaints = _named(await rows.all(_COMPLAINTS, **span))
    return Sums(
        hours={who: _hours(row) for who, row in hours.items()},
        planned_minutes={who: int(row.minutes) for who, row in planned.items()},
        planned_quantity={who: int(row.quantity) for who, row in planned.items()},
        delivered={who: int(row.quantity) for who, row in delivered.items()},
        closed={who: int(row.closed) for who, row in complaints.items()},
        in_time={who: int(row.in_time) for who, row in complaints.items()},
    )


def _named(rows: list[R]) -> dict[str, R]:
    """By participant; rows of nobody count in the whole only."""
    return {row.participant: row for row in rows if row.participant or row.whole}


def _hours(row: HoursRow) -> HourSums:
    return HourSums(**{each.name: int(getattr(row, each.name)) for each in fields(HourSums)})
