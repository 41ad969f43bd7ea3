"""A worker of its own that does the rebuilds of risk, with a lease of two seconds."""

import asyncio
from datetime import timedelta

from deploy.home import settings
from deploy.rebuilding import rebuild_kinds
from deploy.services import spec_of
from shared.jobs.runner import JobRunner
from shared.service import open_database

LEASE = timedelta(seconds=2)


async def main() -> None:
    spec, found = spec_of("risk"), settings()
    database = await open_database(spec, found, role="jobs", size=4)
    runner = JobRunner(spec.name, database, rebuild_kinds(spec), found, None, lease=LEASE)
    await runner.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main())
