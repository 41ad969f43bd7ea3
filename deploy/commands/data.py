"""Commands for what is stored: migrations, example data, and starting over."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import ALL, ServiceOrAll, configured, fail
from deploy.home import current, settings
from shared.settings import SERVICES
from shared.telemetry import configure_logging

if TYPE_CHECKING:
    from deploy.home import Home


def register(app: typer.Typer) -> None:
    for command in (migrate, seed, demo, reset):
        app.command()(command)


def migrate(
    service: ServiceOrAll = ALL,
    replication: Annotated[
        int, typer.Option(envvar="VTH_KAFKA_REPLICATION", help="Kopieën van elk Kafka-topic.")
    ] = 1,
) -> None:
    """Maak databases, rollen en topics aan waar die ontbreken, werk de tabellen bij en vul ze."""
    from rich.console import Console

    from deploy import databases, keys, topics

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
    asyncio.run(keys.move_webhooks(found, [name for name in names if name in SERVICES]))


def seed(
    service: ServiceOrAll = ALL,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from",
            help="Map met eigen lijsten (JSON), zoals de deelnemers.",
            exists=True,
            file_okay=False,
        ),
    ] = None,
) -> None:
    """Zet lijsten en voorbeeldwaarden klaar; wat de dienst zelf wijzigde of wiste blijft zo."""
    from deploy import databases
    from shared.db.seeds import SeedError

    if folder is not None and service == ALL:
        fail("Noem de dienst waarvoor de lijsten zijn: vth seed <dienst> --from <map>.")
    found = configured("seed")
    for name in SERVICES if service == ALL else (service,):
        url = databases.administration(found, f"vth_{name}")
        try:
            outcomes = asyncio.run(databases.seed(name, url, folder=folder))
        except SeedError as error:
            fail(f"De lijsten zijn niet klaargezet: {error}")
        for table in outcomes:
            typer.echo(
                f"{name} {table.table}: {table.inserted} nieuw, {table.updated} bijgewerkt, "
                f"{len(table.kept)} van de dienst zelf"
            )


def reset(
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Vraag niet om bevestiging.")] = False,
) -> None:
    """Wis alle gegevens van de lokale installatie."""
    from deploy.postgres_folder import FolderInUseError

    home = current()
    if not home.path.exists():
        typer.echo("Er is niets om te wissen.")
        return
    whose = _whose_data(home)
    if not yes:
        typer.confirm(f"Alle gegevens in {whose} wissen?", abort=True)
    try:
        home.lock.acquire()
    except FolderInUseError:
        fail("Het platform draait nog; stop het eerst met Ctrl-C.")
    home.wipe()
    typer.echo(f"Gewist: {whose}.")


def _whose_data(home: "Home") -> str:
    """The folders that a reset deletes; data that belong to another folder stay."""
    from deploy.postgres_folder import moved_to, owner_noted

    elsewhere = moved_to(home.postgres)
    if elsewhere is None:
        return str(home.path)
    owner = owner_noted(elsewhere)
    if owner not in {None, home.postgres}:
        return f"{home.path} (de database in {elsewhere} is van {owner} en blijft)"
    return f"{home.path} en de database in {elsewhere}"


def demo() -> None:
    """Laad voorbeeldgegevens van een omgevingsdienst, via de gewone import en afhandeling."""
    from deploy import databases
    from deploy.demo import load
    from deploy.demo.load import DemoError
    from deploy.supervisor import SUPERVISED, follow_parent

    follow_parent()
    found = settings()
    if found.environment == "production":
        fail("Dit is een productieomgeving (VTH_ENVIRONMENT): er gaan geen voorbeeldgegevens in.")
    # Its progress is on the terminal; a line about a slow statement would break it.
    configure_logging(service="demo", form=found.log_format, level="error")
    if SUPERVISED not in os.environ:  # the launcher put them in already, as their owner
        for name in SERVICES:
            url = databases.administration(found, f"vth_{name}")
            asyncio.run(databases.seed(name, url, examples=True))
    try:
        asyncio.run(load(found))
    except DemoError as error:
        fail(f"De voorbeeldgegevens zijn niet volledig geladen: {error}")
