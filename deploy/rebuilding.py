"""The job of a rebuild, done in a process of its own: in the worker others would wait for it."""

import asyncio
import json
import os
from contextlib import suppress
from typing import Any, Final

import structlog

from deploy.supervisor import SUPERVISED, vth
from shared.errors import NotFound
from shared.jobs.errors import JobFailedError, RetryError
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.rebuild import requests
from shared.rebuild.running import projection_of, swapped_at, told
from shared.service import ServiceSpec

log = structlog.get_logger(__name__)

# For removing what it made; then it is killed, and the next rebuild removes it.
STOP_LIMIT: Final = 3.0
GONE: Final = "Het proces van de herbouw viel weg; zie het logboek van de worker."


def rebuild_kinds(spec: ServiceSpec) -> tuple[JobKind, ...]:
    """The kind of job that makes a projection of this service anew, if it has any."""
    if not spec.projections:
        return ()

    async def run(job: Job) -> str:
        return await _run(spec, job)

    return (JobKind(requests.KIND, "Herbouw van een projectie", run),)


async def _run(spec: ServiceSpec, job: Job) -> str:
    """Raises what the process tells, and JobCancelledError where it was broken off."""
    try:
        projection_of(spec, job.parameters["projection"])
    except NotFound as unknown:
        raise JobFailedError(str(unknown)) from unknown
    process = await _start(spec, job)
    assert process.stdout is not None
    following = asyncio.create_task(_follow(process.stdout, job))
    cancelled = asyncio.create_task(job.cancelled())
    try:
        await asyncio.wait({following, cancelled}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        cancelled.cancel()
        await _end(process, following)
    outcome = following.result()
    if (done := outcome.get("finished")) is not None:
        return told(done)
    # The process may hear before us that the job was cancelled, or is somebody else's.
    await job.beat()
    job.check()
    if (why := outcome.get("failed")) is not None:
        raise JobFailedError(why)
    raise RetryError(outcome.get("retry", GONE))


async def _start(spec: ServiceSpec, job: Job) -> asyncio.subprocess.Process:
    arguments = ["--job", str(job.id), "--lease", str(job.lease.token)]
    if (swapped := swapped_at(job.position)) is not None:
        arguments += ["--swapped", str(swapped)]
    process = await asyncio.create_subprocess_exec(
        *vth("events", "rebuild-job", spec.name, job.parameters["projection"], *arguments),
        env={**os.environ, SUPERVISED: str(os.getpid())},
        stdout=asyncio.subprocess.PIPE,
    )
    log.info("rebuild taken up", service=spec.name, process=process.pid)
    return process


async def _follow(lines: asyncio.StreamReader, job: Job) -> dict[str, Any]:
    """Pass its progress on until it ends; gives what came of it, if it says so."""
    outcome: dict[str, Any] = {}
    async for line in lines:
        heard = json.loads(line)
        if "step" in heard:
            job.at(heard["step"])
            job.progress(heard["done"], heard["total"])
        else:
            outcome = heard
    return outcome


async def _end(process: asyncio.subprocess.Process, following: asyncio.Task[object]) -> None:
    """Have it end, if it did not, and read the last of it."""
    if not following.done():
        with suppress(ProcessLookupError):
            process.terminate()
        await asyncio.wait({following}, timeout=STOP_LIMIT)
    if not following.done():
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait({following})
    await process.wait()
