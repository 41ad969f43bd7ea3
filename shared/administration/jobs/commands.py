"""What people may do with a job: its requester with its own, an administrator with all."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from uuid import UUID

from shared.context import ReadContext, WriteContext
from shared.jobs import changes, standing
from shared.jobs.kinds import JobKind
from shared.jobs.standing import JobRow
from shared.product.roles import Scope

# The kinds of job of the service, by name.
Kinds: TypeAlias = Mapping[str, JobKind]


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
        ctx.require_agency()
    return await standing.one(ctx.rows, job_id)


async def cancel(command: CancelJob, ctx: WriteContext[Any], kinds: Kinds) -> JobRow:
    """Cancel it. Raises NotFound, Forbidden, Conflict."""
    await one(command.job_id, ctx)
    await changes.cancel(ctx.work, command.job_id)
    return await _told(command.job_id, ctx, kinds)


async def retry(command: RetryJob, ctx: WriteContext[Any], kinds: Kinds) -> JobRow:
    """Have it tried again. Raises NotFound, Forbidden, Conflict."""
    await one(command.job_id, ctx)
    await changes.retry(ctx.work, command.job_id)
    return await _told(command.job_id, ctx, kinds)


async def _told(job_id: UUID, ctx: WriteContext[Any], kinds: Kinds) -> JobRow:
    """The job as it is now, of which its service hears in the same commit."""
    found = await standing.one(ctx.rows, job_id)
    kind = kinds.get(found.kind)
    if kind is not None and kind.told is not None:
        await kind.told(ctx.work, found)
    return found
