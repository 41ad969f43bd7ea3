"""Work that a service does by the clock: expired terms, reminders, clean-up."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import text

from shared.auth.sight import Sight
from shared.db.connections import is_connection_lost
from shared.db.database import Database
from shared.db.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

_ALONE = text("SELECT pg_try_advisory_xact_lock(hashtext('schedule'), hashtext(:name))")


@dataclass(frozen=True, slots=True)
class Schedule:
    """What to do, and how often; `run` finds for itself what is due, so a turn may be missed.

    A turn that gives True left something for the next, which then comes at once.
    """

    every: timedelta
    run: Callable[[UnitOfWork], Awaitable[bool | None]]


async def run_schedules(
    database: Database, schedules: Mapping[str, Schedule], stop: asyncio.Event
) -> None:
    """Run all schedules until told to stop; of several processes one at a time takes a turn."""
    async with asyncio.TaskGroup() as group:
        for name, schedule in schedules.items():
            group.create_task(_repeat(database, name, schedule, stop), name=f"schedule {name}")


async def run_once(database: Database, name: str, schedule: Schedule) -> bool:
    """Take one turn; False when another process is at it."""
    return await _turn(database, name, schedule) is not None


async def _turn(database: Database, name: str, schedule: Schedule) -> bool | None:
    """Whether more is to be done at once; None when another process is at it."""
    async with database.work(actor="systeem", sight=Sight.ALL) as work:
        if not await work.value(_ALONE, name=name):
            return None
        await work.take_time()
        return bool(await schedule.run(work))


async def _repeat(database: Database, name: str, schedule: Schedule, stop: asyncio.Event) -> None:
    while not stop.is_set():
        more: bool | None = False
        try:
            more = await _turn(database, name, schedule)
        except Exception as error:
            if not is_connection_lost(error):
                # The others must go on: what fails is retried at its next turn and is visible.
                log.exception("schedule failed", schedule=name)
            else:
                log.warning("schedule lost its database", schedule=name, error=str(error))
        if not more:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), schedule.every.total_seconds())
