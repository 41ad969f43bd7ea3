"""Commands to look after events: what waits, what is parked, and what to do with it."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, NamedTuple, TypeVar
from uuid import UUID

import typer

from deploy.commands import rebuild
from deploy.commands.common import Service, fail, operator
from deploy.home import settings
from shared.auth.sight import Sight
from shared.settings import SERVICES, Settings

if TYPE_CHECKING:
    from shared.db.database import Database
    from shared.db.rows import Row
    from shared.service import ServiceSpec

T = TypeVar("T")

app = typer.Typer(help="Gebeurtenissen: achterstand, geparkeerde gebeurtenissen, herbouw.")
rebuild.register(app)


@app.command("status")
def status() -> None:
    """Toon per dienst wat in de outbox wacht, wat nog te verwerken is en wat geparkeerd staat."""
    from rich.console import Console
    from rich.table import Table

    table = Table("dienst", "outbox", "oudste (s)", "te verwerken", "geparkeerd")
    for name, figures in asyncio.run(_figures()).items():
        table.add_row(name, *figures)
    Console().print(table)


@app.command("parked")
def parked(
    service: Service,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Als JSON, voor een script.")] = False,
) -> None:
    """Toon de geparkeerde gebeurtenissen van een dienst."""
    from rich.console import Console
    from rich.table import Column, Table

    from shared.messaging import parking

    async def read(database: "Database") -> "list[Row]":
        async with database.read(Sight.ALL) as reader:
            return await parking.parked(reader)

    rows = asyncio.run(_with_database(service, read))
    if as_json:
        typer.echo(
            json.dumps([_plain(row) for row in rows], indent=2, ensure_ascii=False, default=str)
        )
        return
    # `retry` and `discard` need these whole: a narrow terminal folds them, nothing is cut.
    names = ("gebeurtenis", "soort", "topic", "sleutel", "pogingen", "sinds", "fout")
    table = Table(*(Column(name, overflow="fold") for name in names))
    for row in rows:
        since = row["first_at"].strftime("%d-%m-%Y %H:%M")
        named = (str(row[name]) for name in ("event_id", "type", "topic", "key", "attempts"))
        table.add_row(*named, since, row["error"])
    Console().print(table)


def _plain(row: "Row") -> dict[str, object]:
    names = ("event_id", "type", "topic", "key", "attempts", "error")
    return {**{name: row[name] for name in names}, "first_at": row["first_at"]}


@app.command("retry")
def retry(
    service: Service,
    topic: Annotated[str, typer.Argument(help="Topic, zoals `parked` die toont.")],
    key: Annotated[str, typer.Argument(help="Sleutel, zoals `parked` die toont.")],
) -> None:
    """Laat de geparkeerde gebeurtenissen van een sleutel opnieuw verwerken, op volgorde."""
    from shared.messaging import parking

    async def write(database: "Database") -> int:
        async with database.work(actor=operator(), sight=Sight.ALL) as work:
            return await parking.retry(work, service, topic, key, actor=operator())

    count = asyncio.run(_with_database(service, write))
    typer.echo(f"{count} gebeurtenissen worden opnieuw verwerkt.")


@app.command("discard")
def discard(
    service: Service,
    event: Annotated[UUID, typer.Argument(help="Gebeurtenis, zoals `parked` die toont.")],
    reason: Annotated[str, typer.Option(help="Waarom deze gebeurtenis vervalt.")],
) -> None:
    """Laat een geparkeerde gebeurtenis vervallen, met reden; die erna gaan door."""
    from shared.messaging import parking

    async def write(database: "Database") -> None:
        async with database.work(actor=operator(), sight=Sight.ALL) as work:
            await parking.discard(work, service, event, reason=reason, actor=operator())

    asyncio.run(_with_database(service, write))
    typer.echo("De gebeurtenis is vervallen.")


class Opened(NamedTuple):
    """A service with its database, for the time of one command."""

    database: "Database"
    spec: "ServiceSpec"
    settings: Settings


async def _figures() -> dict[str, tuple[str, ...]]:
    return {name: await _figures_of(name) for name in SERVICES}


async def _figures_of(name: str) -> tuple[str, ...]:
    from shared.messaging.connect import topics_of
    from shared.messaging.operations import lag_of, standing

    async with _open(name) as opened:
        async with opened.database.read(Sight.ALL) as reader:
            outbox, kept = await standing(reader)
        lines = await lag_of(opened.settings, name, topics_of(opened.spec.consumers))
    waiting = sum(line.lag for line in lines)
    figures = (outbox.waiting, round(outbox.oldest_seconds), waiting)
    return (*map(str, figures), str(sum(line.waiting for line in kept.values())))


async def _with_database(name: str, action: Callable[["Database"], Awaitable[T]]) -> T:
    from shared.errors import Refused

    async with _open(name) as opened:
        try:
            return await action(opened.database)
        except Refused as refused:
            fail(str(refused))


@asynccontextmanager
async def _open(name: str) -> AsyncIterator[Opened]:
    from deploy.services import spec_of
    from shared.service import open_database

    found = settings()
    spec = spec_of(name)
    database = await open_database(spec, found, role="events")
    try:
        yield Opened(database, spec, found)
    finally:
        await database.close()
