"""Indicators: always a numerator and a denominator, with the version of their definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from services.reporting.realisation import years
from services.reporting.realisation.domain import Ratio
from shared.db.rows import Row, Rows

# Name, definition, version of the definition, and what is counted.
DEFINITIONS: Mapping[str, tuple[str, str, str, str]] = {
    "directe-uren": (
        "Directe uren",
        "directe uren / alle uren zonder verlof en ziekte",
        "1",
        "minuten",
    ),
    "uren-op-zaak": ("Uren op een zaak", "directe uren met zaak / directe uren", "1", "minuten"),
    "uren-goedgekeurd": (
        "Goedgekeurde uren",
        "goedgekeurde uren / geschreven uren",
        "1",
        "minuten",
    ),
    "begroting-besteed": (
        "Besteding",
        "goedgekeurde uren / begrote uren van het jaar",
        "1",
        "minuten",
    ),
    "producten-geleverd": (
        "Productie",
        "geleverd / begroot, van wat uit gebeurtenissen telt",
        "1",
        "aantal",
    ),
    "klachten-op-tijd": (
        "Klachten op tijd",
        "binnen termijn afgehandeld / afgehandeld",
        "1",
        "aantal",
    ),
}
# '' stands for the agency as a whole; grouping sets give both in one pass.
_HOURS = text("""
    SELECT COALESCE(l.participant, '') AS participant, grouping(l.participant) AS whole,
           sum(l.minutes) FILTER (WHERE l.kind <> 'indirect') AS direct,
           sum(l.minutes) FILTER (WHERE NOT p.absence) AS present,
           sum(l.minutes) FILTER (WHERE l.kind <> 'indirect' AND l.case_id IS NOT NULL) AS on_case,
           sum(l.minutes) FILTER (
               WHERE l.state IN ('goedgekeurd', 'gesloten', 'verrekend')) AS approved,
           sum(l.minutes) FILTER (
               WHERE l.kind = 'direct' AND l.state IN ('goedgekeurd', 'gesloten', 'verrekend')
           ) AS charged,
           sum(l.minutes) AS written
    FROM hour_line l JOIN product p ON p.code = l.product
    WHERE l.booked_on >= :first AND l.booked_on < :after
    GROUP BY GROUPING SETS ((l.participant), ())
""")
_PLANNED = text("""
    WITH plan AS (
        SELECT DISTINCT ON (participant) id, participant FROM budget
        WHERE year = :year AND activated_at IS NOT NULL ORDER BY participant, number DESC)
    SELECT COALESCE(plan.participant, '') AS participant, grouping(plan.participant) AS whole,
           sum(l.minutes) AS minutes,
           sum(l.quantity) FILTER (
               WHERE l.product IN (SELECT product FROM product_rule WHERE counts)) AS quantity
    FROM plan JOIN budget_line l ON l.budget_id = plan.id
    GROUP BY GROUPING SETS ((plan.participant), ())
""")
_DELIVERED = text("""
    SELECT COALESCE(participant, '') AS participant, grouping(participant) AS whole,
           sum(quantity) AS quantity
    FROM product_delivery WHERE delivered_on >= :first AND delivered_on < :after
    GROUP BY GROUPING SETS ((participant), ())
""")
_COMPLAINTS = text("""
    SELECT COALESCE(participant, '') AS participant, grouping(participant) AS whole,
           count(*) AS closed, count(*) FILTER (WHERE within_term) AS in_time
    FROM case_file
    WHERE kind = 'klacht' AND closed_on >= :first AND closed_on < :after
    GROUP BY GROUPING SETS ((participant), ())
""")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of the agency ('') or of a participant."""

    code: str
    participant: str
    year: int
    measured_on: date
    ratio: Ratio

    @property
    def name(self) -> str:
        return DEFINITIONS[self.code][0]

    @property
    def description(self) -> str:
        return DEFINITIONS[self.code][1]

    @property
    def definition_version(self) -> str:
        return DEFINITIONS[self.code][2]

    @property
    def unit(self) -> str:
        return DEFINITIONS[self.code][3]


Sums = dict[str, Mapping[str, int]]


async def measure(rows: Rows, year: int, today: date) -> list[Indicator]:
    """Every indicator of a year, for the agency and each participant."""
    span = years.span(year)
    hours = _by_participant(await rows.all(_HOURS, **span))
    planned = _by_participant(await rows.all(_PLANNED, year=year))
    delivered = _by_participant(await rows.all(_DELIVERED, **span))
    complaints = _by_participant(await rows.all(_COMPLAINTS, **span))
    until = years.cutoff(year, today)
    found = []
    for who in sorted({"", *hours, *planned, *delivered, *complaints}):
        for code, ratio in _ratios(who, hours, planned, delivered, complaints).items():
            found.append(Indicator(code, who, year, until, ratio))
    return found


def _by_participant(found: list[Row]) -> Sums:
    """By participant; rows of nobody count in the whole only."""
    return {
        row["participant"]: {
            name: int(value or 0)
            for name, value in row.items()
            if name not in {"participant", "whole"}
        }
        for row in found
        if row["participant"] or row["whole"]
    }


def _ratios(who: str, hours: Sums, planned: Sums, done: Sums, complaints: Sums) -> dict[str, Ratio]:
    mine, plan = hours.get(who, {}), planned.get(who, {})
    closed = complaints.get(who, {})
    ratios = {
        "uren-op-zaak": Ratio(mine.get("on_case", 0), mine.get("direct", 0)),
        "uren-goedgekeurd": Ratio(mine.get("approved", 0), mine.get("written", 0)),
        "begroting-besteed": Ratio(mine.get("charged", 0), plan.get("minutes", 0)),
        "producten-geleverd": Ratio(done.get(who, {}).get("quantity", 0), plan.get("quantity", 0)),
        "klachten-op-tijd": Ratio(closed.get("in_time", 0), closed.get("closed", 0)),
    }
    if not who:
        ratios["directe-uren"] = Ratio(mine.get("direct", 0), mine.get("present", 0))
    return ratios
