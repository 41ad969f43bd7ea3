"""`vth check`: what an installation still needs, a sentence each."""

import asyncio

import typer

from deploy.home import settings
from shared.telemetry import configure_logging


def register(app: typer.Typer) -> None:
    app.command()(check)


def check() -> None:
    """Controleer wat deze installatie nog mist voor men ermee kan werken. Code 1: er mist iets."""
    from deploy import readiness

    found = settings()
    configure_logging(service="check", form=found.log_format, level="error")
    results = asyncio.run(readiness.check(found))
    for each in results:
        mark, colour = ("✓", typer.colors.GREEN) if each.fine else ("✗", typer.colors.RED)
        typer.secho(f"{mark} {each.what}", fg=colour)
        for sentence in each.sentences:
            typer.echo(f"    {sentence}")
    raise typer.Exit(0 if all(each.fine for each in results) else 1)
