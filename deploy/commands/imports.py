"""Taking over rows from another system: check all of them first, then store."""

import asyncio
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import fail
from deploy.home import settings
from shared.settings import SERVICES

if TYPE_CHECKING:
    from deploy.importer.engine import Prepared, Refusal, Report
    from shared.imports import ImportSpec
    from shared.service import ServiceSpec

SOME_REFUSED = 3
SHOWN = 20


def register(app: typer.Typer) -> None:
    app.command("import")(import_rows)


def import_rows(
    kind: Annotated[str, typer.Argument(help="locaties, klachten, controles of uren")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV-bestand")],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="TOML: welke kolom welk veld is."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Alleen controleren.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Vraag niet om bevestiging.")] = False,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="CSV voor de geweigerde regels.")
    ] = None,
) -> None:
    """Neem gegevens over uit een CSV-bestand van een ander systeem; herhalen kan altijd.

    Alle regels worden eerst gecontroleerd. Code 3: er zijn regels geweigerd.
    """
    from deploy.importer import engine

    service, spec = _kind(kind)
    try:
        prepared = engine.prepare(spec, file, mapping)
    except (ValueError, OSError) as error:
        fail(str(error))
    with _progress("Controleren") as progress:
        result = engine.dry_run(prepared, progress)
    _show(result, stored=False)
    if not dry_run and result.read > len(result.refused):
        if not yes:
            typer.confirm("De overige regels opslaan?", abort=True)
        result = asyncio.run(_store(service, prepared))
        _show(result, stored=True)
    if report is not None:
        _write(report, result.refused)
    raise typer.Exit(SOME_REFUSED if result.refused else 0)


def _kind(kind: str) -> "tuple[ServiceSpec, ImportSpec]":
    from deploy.services import spec_of

    kinds = {
        spec.kind: (service, spec)
        for service in (spec_of(name) for name in SERVICES)
        for spec in service.imports
    }
    if kind not in kinds:
        fail(f"Onbekende soort '{kind}'. Kies uit: {', '.join(sorted(kinds))}.")
    return kinds[kind]


async def _store(service: "ServiceSpec", prepared: "Prepared") -> "Report":
    from deploy.importer import engine
    from shared.service import open_database_with_keys

    database = await open_database_with_keys(service, settings(), role="import")
    try:
        with _progress("Opslaan") as progress:
            return await engine.run(prepared, database, progress)
    finally:
        await database.close()


@contextmanager
def _progress(text: str) -> Iterator[Callable[[int], None]]:
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task(text)
        yield lambda count: progress.update(task, description=f"{text}: {count} regels")


def _show(result: "Report", *, stored: bool) -> None:
    accepted = result.stored if stored else result.read - len(result.refused)
    what = "opgeslagen" if stored else "in orde"
    typer.echo(f"{result.read} regels gelezen, {accepted} {what}, {len(result.refused)} geweigerd.")
    for refusal in result.refused[:SHOWN]:
        typer.echo(f"  regel {refusal.line} ({refusal.source_key or '-'}): {refusal.reason}")
    if len(result.refused) > SHOWN:
        typer.echo(f"  … en {len(result.refused) - SHOWN} meer; met --report staan ze in een CSV.")


def _write(path: Path, refused: "Sequence[Refusal]") -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("regel", "bronsleutel", "reden"))
        writer.writerows((each.line, each.source_key, each.reason) for each in refused)
