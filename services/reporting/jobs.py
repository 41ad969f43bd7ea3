"""What reporting does by the clock: indicators, hours to cases, and who takes part."""

from datetime import timedelta
from typing import Final

from services.reporting.cases import commands as cases
from services.reporting.participants import commands as participants
from services.reporting.realisation import indicators
from shared.context import system_context
from shared.db.unit_of_work import UnitOfWork
from shared.jobs.kinds import recurring


async def measure(work: UnitOfWork) -> None:
    """Keep the indicators of this year."""
    command = indicators.MeasureYear(work.today.year)
    await indicators.measure(command, system_context(work, None))


async def link_hours(work: UnitOfWork) -> None:
    """Link imported hours to cases that were heard of since."""
    await cases.link_hours(cases.LinkHours(), system_context(work, None))


async def announce(work: UnitOfWork) -> None:
    """Tell the other services of participants that are new or changed."""
    command = participants.AnnounceParticipants()
    await participants.announce(command, system_context(work, None))


JOBS: Final = (
    recurring("deelnemers-melden", "Deelnemers melden", timedelta(seconds=10), announce),
    recurring("kpi-meting", "Indicatoren meten", timedelta(hours=1), measure),
    recurring("uren-koppelen", "Uren aan zaken koppelen", timedelta(minutes=1), link_hours),
)
