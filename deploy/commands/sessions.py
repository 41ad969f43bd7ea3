"""Commands for who manages the sessions of people at the screens."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from deploy.commands.common import configured
from shared.auth.pages import EndedBy
from shared.sessions.sessions import open_store
from shared.sessions.store import Open
from shared.settings import Settings

app = typer.Typer(help="Sessies van de schermen: zien en beëindigen.")


@app.command("list")
def shown() -> None:
    """Toon wie is ingelogd, sinds wanneer, en wanneer voor het laatst gezien."""
    from rich.console import Console
    from rich.table import Table

    table = Table("kenmerk", "sinds", "gezien")
    for each in asyncio.run(_open(configured("sessions"))):
        table.add_row(
            each.subject, f"{each.started_at:%Y-%m-%d %H:%M}", f"{each.seen_at:%Y-%m-%d %H:%M}"
        )
    Console().print(table)


@app.command("end")
def end(
    subject: Annotated[str, typer.Argument(metavar="KENMERK", help="Als in `vth sessions list`.")],
) -> None:
    """Beëindig alle sessies van iemand, bij alle diensten tegelijk."""
    count = asyncio.run(_end(configured("sessions"), subject))
    typer.echo(f"{count} sessies beëindigd.")


async def _open(settings: Settings) -> Sequence[Open]:
    async with open_store(settings) as store:
        return await store.open()


async def _end(settings: Settings, subject: str) -> int:
    async with open_store(settings) as store:
        return await store.end_of(subject, "", EndedBy.OPERATOR)
