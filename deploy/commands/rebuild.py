"""`vth events rebuild`: a projection made anew from the log, while the service works on."""

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
import uvloop

from deploy.commands.common import Service, configured, fail, operator
from deploy.supervisor import follow_parent

if TYPE_CHECKING:
    from shared.rebuild.running import Report
    from shared.settings import Settings

# Those who wait for a page go first.
NICENESS = 5

Wanted = Annotated[str | None, typer.Argument(help="Projectie; zonder: de enige, of een lijst.")]
Request = Annotated[UUID | None, typer.Option(hidden=True, help="Aanvraag van een scherm.")]


def register(app: typer.Typer) -> None:
    app.command("rebuild")(rebuild)


def rebuild(service: Service, projection: Wanted = None, request: Request = None) -> None:
    """Bouw een projectie opnieuw op vanaf de eerste gebeurtenis, terwijl de dienst doorwerkt."""
    found = configured("rebuild")
    follow_parent()
    if request is None:
        _with_a_bar(found, service, projection)
    else:
        os.nice(NICENESS)
        uvloop.run(_run(found, service, projection, request, None))


def _with_a_bar(settings: "Settings", service: str, projection: str | None) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from shared.rebuild import rebuild

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn()) as bar:
        task = bar.add_task("beginnen", total=None)

        def show(progress: rebuild.Progress) -> None:
            total = progress.total or None
            bar.update(task, description=progress.step, completed=progress.done, total=total)

        done = uvloop.run(_run(settings, service, projection, None, show))
        bar.update(task, description="klaar", completed=done, total=done)
    typer.echo(f"De projectie is opnieuw opgebouwd uit {done} gebeurtenissen.")


async def _run(
    settings: "Settings",
    service: str,
    projection: str | None,
    request: UUID | None,
    report: "Report | None",
) -> int:
    from deploy.services import spec_of
    from shared.errors import Refused
    from shared.messaging.transport import TransientTransportError
    from shared.rebuild.filling import RebuildError
    from shared.rebuild.running import projection_of, run_rebuild

    # As with Ctrl-C: what was made is removed, and the end is noted.
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    spec = spec_of(service)
    try:
        wanted = projection_of(spec, projection)
        return await run_rebuild(
            spec, settings, wanted, actor=operator(), request=request, report=report
        )
    except (Refused, RebuildError, TransientTransportError) as refused:
        fail(str(refused))
    except asyncio.CancelledError:
        fail("Afgebroken; de tabellen zijn zoals ze waren.")
