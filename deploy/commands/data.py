"""Commands for what is stored: migrations, example data, and starting over."""

import asyncio
from typing import Annotated

import typer

from deploy.commands.common import ALL, ServiceOrAll, configured, fail
from deploy.home import current, settings
from shared.telemetry import configure_logging


def register(app: typer.Typer) -> None:
    for command in (migrate, demo, reset):
        app.command()(command)


def migrate(
    service: ServiceOrAll = ALL,
    replication: Annotated[
        int, typer.Option(envvar="VTH_KAFKA_REPLICATION", help="Kopieën van elk Kafka-topic.")
    ] = 1,
) -> None:
    """Maak databases, rollen en topics aan waar die ontbreken en werk de tabellen bij."""
    from rich.console import Console

    from deploy import databases, topics

    found = configured("migrate")
    names = databases.DATABASES if service == ALL else (service,)
    console = Console()
    asyncio.run(databases.create(found, names))
    try:
        asyncio.run(topics.create(found, replication=replication))
    except topics.NoTopicsError as error:
        fail(str(error))
    for name in names:
        with console.status(f"{name}…"):
            databases.migrate(found, (name,))
        console.print(f"[green]✓[/green] {name}")


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Vraag niet om bevestiging.")] = False,
) -> None:
    """Wis alle gegevens van de lokale installatie."""
    from deploy.postgres_folder import FolderInUseError

    home = current()
    if not home.installed:
        typer.echo("Er is niets om te wissen.")
        return
    if not yes:
        typer.confirm(f"Alle gegevens in {home.path} wissen?", abort=True)
    try:
        home.lock.acquire()
    except FolderInUseError:
        fail("Het platform draait nog; stop het eerst met Ctrl-C.")
    home.wipe()
    typer.echo(f"{home.path} is gewist.")


def demo() -> None:
    """Laad voorbeeldgegevens van een omgevingsdienst, via de gewone import en afhandeling."""
    from deploy.demo import load
    from deploy.demo.load import DemoError
    from deploy.supervisor import follow_parent

    follow_parent()
    found = settings()
    # Its progress is on the terminal; a line about a slow statement would break it.
    configure_logging(service="demo", form=found.log_format, level="error")
    try:
        asyncio.run(load(found))
    except DemoError as error:
        fail(f"De voorbeeldgegevens zijn niet volledig geladen: {error}")
