"""What reporting does by the clock: measure its indicators, and link hours to cases."""

from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import text

from services.reporting.realisation import indicators as kpis
from services.reporting.tables import kpi_measurement
from shared.db.unit_of_work import UnitOfWork
from shared.schedules import Schedule

# Hours that were imported while their case was being told pass each other by.
_LINK_HOURS = text("""
    UPDATE hour_line l SET case_id = c.id FROM case_file c
    WHERE l.case_id IS NULL AND l.case_number IS NOT NULL AND c.number = l.case_number
""")


async def measure(work: UnitOfWork) -> None:
    """Keep the indicators of this year; the last measurement of a day stays."""
    for found in await kpis.measure(work, work.today.year, work.today):
        row = {
            "code": found.code,
            "participant": found.participant,
            "year": found.year,
            "measured_on": found.measured_on,
            **asdict(found.ratio),
            "definition_version": found.definition_version,
        }
        keys = ("code", "participant", "year", "measured_on")
        work.upsert(kpi_measurement, row, keys=keys)


async def link_hours(work: UnitOfWork) -> None:
    """Link imported hours to cases that were heard of since."""
    await work.execute(_LINK_HOURS)


SCHEDULES = {
    "kpi-meting": Schedule(every=timedelta(hours=1), run=measure),
    "uren-koppelen": Schedule(every=timedelta(minutes=1), run=link_hours),
}
