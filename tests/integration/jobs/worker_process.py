"""A worker of its own, with a lease of a second, at a job of many small steps."""

import asyncio
import sys
from datetime import timedelta

from sqlalchemy import text

from deploy.services import spec_of
from shared.db.database import Database
from shared.jobs.job import Job
from shared.jobs.kinds import JobKind
from shared.jobs.runner import JobRunner
from shared.messaging.publishing import publisher_for
from shared.settings import Settings

LEASE = timedelta(seconds=1)
ADD = text("INSERT INTO effect (job, number) VALUES (:job, :number)")


async def count(job: Job) -> str:
    for number in range(1 + (job.position or {}).get("number", 0), 41):
        async with job.step() as work:
            await work.execute(ADD, job=job.id, number=number)
            await asyncio.sleep(0.02)
            job.progress(number, 40)
            job.save({"number": number})
        print(number, flush=True)
    return "geteld"


KIND = JobKind("tellen", "Tellen", count)


async def main(url: str) -> None:
    settings = Settings(environment="test")
    publisher = publisher_for(spec_of("intake"), settings)
    database = await Database.open(url, publisher=publisher, application="test-worker", size=4)
    runner = JobRunner("intake", database, [KIND], settings, None, lease=LEASE, look_every=0.05)
    await runner.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
