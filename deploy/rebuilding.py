"""Takes up the rebuilds that the screens ask for, each in a process of its own.

In the worker it would keep events and letters waiting.
"""

import asyncio
import os
from contextlib import suppress
from typing import Final

import structlog

from deploy.supervisor import SUPERVISED, vth
from shared.auth.sight import Sight
from shared.db.connections import is_connection_lost
from shared.db.database import Database
from shared.db.rows import Row
from shared.rebuild import metrics, store
from shared.rebuild.tables import RebuildState
from shared.service import ServiceSpec

log = structlog.get_logger(__name__)

LOOK_EVERY: Final = 2.0
STOP_LIMIT: Final = 3.0


async def take_up_rebuilds(spec: ServiceSpec, database: Database, stop: asyncio.Event) -> None:
    """Look for requests until told to stop; what runs then is ended, and noted as such."""
    while not stop.is_set():
        try:
            if (wanted := await _next(spec, database)) is not None:
                await _run(spec, wanted, stop)
        except Exception as error:
            if not is_connection_lost(error):
                raise
            log.warning("rebuilds lost their database", service=spec.name, error=str(error))
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), LOOK_EVERY)


async def _next(spec: ServiceSpec, database: Database) -> Row | None:
    async with database.work(sight=Sight.ALL) as work:
        await store.close_broken(work)
        found = await store.claim(work)
        _measure(spec.name, await store.last(work, 1))
    return found


def _measure(service: str, rows: list[Row]) -> None:
    for row in rows:
        state = row["state"]
        is_open = state in {RebuildState.REQUESTED, RebuildState.RUNNING}
        metrics.rebuild_running.labels(service).set(is_open)
        metrics.rebuild_failed.labels(service).set(state == RebuildState.FAILED)
        metrics.rebuild_done.labels(service).set(row["done"])
        metrics.rebuild_total.labels(service).set(row["total"])


async def _run(spec: ServiceSpec, wanted: Row, stop: asyncio.Event) -> None:
    """Run it to its end; the process itself notes what came of it."""
    process = await asyncio.create_subprocess_exec(
        *vth("events", "rebuild", spec.name, wanted["projection"], "--request", str(wanted["id"])),
        env={**os.environ, SUPERVISED: str(os.getpid())},
    )
    log.info("rebuild taken up", service=spec.name, projection=wanted["projection"])
    ended = asyncio.create_task(process.wait())
    told = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({ended, told}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        told.cancel()
        if process.returncode is None:
            process.terminate()
            await asyncio.wait({ended}, timeout=STOP_LIMIT)
    log.info("rebuild ended", service=spec.name, code=process.returncode)
