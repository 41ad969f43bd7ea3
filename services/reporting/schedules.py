"""What reporting does by the clock: measure its indicators, and link hours to cases."""

from datetime import timedelta

from services.reporting.cases import commands as cases
from services.reporting.realisation import indicators
from shared.context import system_context
from shared.db.unit_of_work import UnitOfWork
from shared.schedules import Schedule


async def measure(work: UnitOfWork) -> None:
    """Keep the indicators of this year."""
    command = indicators.MeasureYear(work.today.year)
    await indicators.measure(command, system_context(work, None))


async def link_hours(work: UnitOfWork) -> None:
    """Link imported hours to cases that were heard of since."""
    await cases.link_hours(cases.LinkHours(), system_context(work, None))


SCHEDULES = {
    "kpi-meting": Schedule(every=timedelta(hours=1), run=measure),
    "uren-koppelen": Schedule(every=timedelta(minutes=1), run=link_hours),
}
