"""`vth events rebuild`: a projection made anew from the log, while the service works on."""

import asyncio
import json
import os
import signal
from typing import TYPE_CHECKING, Annotated, TextIO
from uuid import UUID

import typer
import uvloop

from deploy.commands.common import Service, configured, fail, operator
from deploy.supervisor import follow_parent

if TYPE_CHECKING:
    from shared.rebuild import rebuild as rebuilds
    from shared.rebuild.running import Order, Report
    from shared.settings import Settings

# Those who wait for a page go first.
NICENESS = 5

Wanted = Annotated[str | None, typer.Argument(help="Projectie; zonder: de enige, of een lijst.")]
JobId = Annotated[UUID, typer.Option("--job", help="De taak.")]
Token = Annotated[UUID, typer.Option("--lease", help="Het recht van de worker op de taak.")]
Swapped = Annotated[int | None, typer.Option(help="Gebeurtenissen, als er al gewisseld is.")]


def register(app: typer.Typer) -> None:
    app.command("rebuild")(rebuild)
    app.command("rebuild-job", hidden=True)(rebuild_job)


def rebuild(service: Service, projection: Wanted = None) -> None:
    """Bouw een projectie opnieuw op vanaf de eerste gebeurtenis, terwijl de dienst doorwerkt."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    found = configured("rebuild")
    follow_parent()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn()) as bar:
        task = bar.add_task("beginnen", total=None)

        def show(progress: "rebuilds.Progress") -> None:
            total = progress.total or None
            bar.update(task, description=progress.step, completed=progress.done, total=total)

        done = uvloop.run(_run(found, service, projection, show))
        bar.update(task, description="klaar", completed=done, total=done)
    typer.echo(f"De projectie is opnieuw opgebouwd uit {done} gebeurtenissen.")


async def _run(settings: "Settings", service: str, projection: str | None, report: "Report") -> int:
    from deploy.services import spec_of
    from shared.errors import Refused
    from shared.rebuild.filling import RebuildError
    from shared.rebuild.foreground import run_rebuild
    from shared.rebuild.running import projection_of

    interrupted = _interrupted()
    spec = spec_of(service)
    try:
        wanted = projection_of(spec, projection)
        return await run_rebuild(
            spec, settings, wanted, actor=operator(), report=report, interrupted=interrupted
        )
    except (Refused, RebuildError) as refused:
        fail(str(refused))


def rebuild_job(
    service: Service, projection: str, job: JobId, lease: Token, swapped: Swapped = None
) -> None:
    """Doe een herbouw waarvan een worker de taak heeft; zeg op standaarduitvoer hoe ver."""
    worker = _to_the_worker()
    follow_parent()
    os.nice(NICENESS)
    found = configured("rebuild")

    from deploy.services import spec_of
    from shared.jobs.leases import LEASE, Lease
    from shared.rebuild.running import Order, projection_of

    def tell(progress: "rebuilds.Progress") -> None:
        print(json.dumps(progress._asdict()), file=worker)

    async def run() -> dict[str, object]:
        spec = spec_of(service)
        order = Order(
            spec=spec,
            settings=found,
            projection=projection_of(spec, projection),
            lease=Lease(job, lease, LEASE),
            swapped=swapped,
            report=tell,
            stopped=_interrupted().wait,
        )
        return await _outcome(order)

    print(json.dumps(uvloop.run(run())), file=worker)


async def _outcome(order: "Order") -> dict[str, object]:
    """What the worker is told; an error that is not foreseen ends the process."""
    from shared.jobs.errors import JobCancelledError, JobFailedError, LeaseLostError, RetryError
    from shared.rebuild.running import make_anew

    try:
        return {"finished": await make_anew(order)}
    except JobFailedError as error:
        return {"failed": str(error)}
    except RetryError as error:
        return {"retry": str(error)}
    except (JobCancelledError, LeaseLostError):
        return {}


def _interrupted() -> asyncio.Event:
    """Set by Ctrl-C, and by who asks the process to end."""
    found = asyncio.Event()
    for request in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(request, found.set)
    return found


def _to_the_worker() -> TextIO:
    """Standard output, for the worker alone; log lines go to standard error instead."""
    found = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    return found
