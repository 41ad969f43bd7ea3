"""What people may do with a job: its requester with its own, an administrator with all."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.context import ReadContext, WriteContext
from shared.jobs import changes, standing
from shared.jobs.standing import JobRow
from shared.product.roles import Scope


@dataclass(frozen=True, slots=True)
class CancelJob:
    """A job that must not be done, or not be done any further."""

    job_id: UUID


@dataclass(frozen=True, slots=True)
class RetryJob:
    """A job to be tried again now."""

    job_id: UUID


async def one(job_id: UUID, ctx: ReadContext[Any]) -> JobRow:
    """A job. Raises NotFound; Forbidden for that of somebody else, and where there is none."""
    if not await standing.is_of(ctx.rows, job_id, ctx.caller.subject):
        ctx.require(Scope.JOBS_MANAGE)
    return await standing.one(ctx.rows, job_id)


async def cancel(command: CancelJob, ctx: WriteContext[Any]) -> JobRow:
    """Cancel it. Raises NotFound, Forbidden, Conflict."""
    await one(command.job_id, ctx)
    await changes.cancel(ctx.work, command.job_id)
    return await standing.one(ctx.rows, command.job_id)


async def retry(command: RetryJob, ctx: WriteContext[Any]) -> JobRow:
    """Have it tried again. Raises NotFound, Forbidden, Conflict."""
    await one(command.job_id, ctx)
    await changes.retry(ctx.work, command.job_id)
    return await standing.one(ctx.rows, command.job_id)
