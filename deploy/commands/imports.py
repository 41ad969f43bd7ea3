"""Taking over rows from another system: check all of them first, then store."""

import asyncio
import csv
import unicodedata
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.commands.common import fail
from deploy.home import settings
from shared.settings import SERVICES

if TYPE_CHECKING:
    from deploy.importer.engine import Prepared, Refusal, Report
    from shared.db.database import Database
    from shared.imports import ImportSpec
    from shared.service import ServiceSpec

SOME_REFUSED = 3
SHOWN = 20


def register(app: typer.Typer) -> None:
    app.command("import")(import_rows)


def import_rows(
    kind: Annotated[str, typer.Argument(help="locaties, klachten, controles, begrotingen of uren")],
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV-bestand")],
    *,
    mapping: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="TOML: welke kolom welk veld is."),
    ] = None,
    source: Annotated[
        str, typer.Option(help="Naam van het systeem waar het bestand uit komt (bron).")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Alles doen en het daarna terugdraaien.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Vraag niet om bevestiging.")] = False,
    report: Annotated[
        Path | None, typer.Option(dir_okay=False, help="CSV voor de geweigerde regels.")
    ] = None,
    metrics: Annotated[
        Path | None,
        typer.Option(
            dir_okay=False,
            help="Bestand (.prom) met de aantallen, voor de node exporter.",
        ),
    ] = None,
) -> None:
    """Neem gegevens over uit een CSV-bestand van een ander systeem; herhalen kan altijd.

    Eerst wordt alles geprobeerd en teruggedraaid. Code 3: er zijn regels geweigerd. Welke velden
    een soort heeft, staat in docs/overnemen.md.
    """
    from deploy.importer import engine, figures

    service, spec = _kind(kind)
    try:
        prepared = engine.prepare(spec, file, mapping, source)
    except (ValueError, OSError) as error:
        fail(str(error))
    result = asyncio.run(_with(service, prepared, "Proberen", engine.dry_run))
    _show(result, stored=False)
    if not dry_run and result.new + result.changed:
        if not yes:
            typer.confirm("De overige regels opslaan?", abort=True)
        result = asyncio.run(_with(service, prepared, "Opslaan", engine.run))
        _show(result, stored=True)
        if metrics is not None:
            figures.write(metrics, kind, result)
    if report is not None:
        write_report(report, result.refused)
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


async def _with(
    service: "ServiceSpec",
    prepared: "Prepared",
    text: str,
    act: "Callable[[Prepared, Database, Callable[[int], None]], Awaitable[Report]]",
) -> "Report":
    from shared.service import open_database_with_keys

    database = await open_database_with_keys(service, settings(), role="import")
    try:
        with _progress(text) as progress:
            return await act(prepared, database, progress)
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
    what = "opgeslagen" if stored else "op te slaan"
    typer.echo(
        f"{result.read} regels gelezen: {result.new} nieuw en {result.changed} gewijzigd {what}, "
        f"{result.unchanged} ongewijzigd, {len(result.refused)} geweigerd."
    )
    if result.changed_lines:
        lines = ", ".join(map(str, result.changed_lines[:SHOWN]))
        more = ", …" if result.changed > SHOWN else ""
        typer.echo(f"  gewijzigd: regel {lines}{more}")
    for refusal in result.refused[:SHOWN]:
        typer.echo(plain(f"  regel {refusal.line} ({refusal.source_key or '-'}): {refusal.reason}"))
    if len(result.refused) > SHOWN:
        typer.echo(f"  … en {len(result.refused) - SHOWN} meer; met --report staan ze in een CSV.")


def write_report(path: Path, refused: "Sequence[Refusal]") -> None:
    """The refused lines as a file for a spreadsheet; no text in it is taken for a formula."""
    from shared.ui.spreadsheet import written

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("regel", "bronsleutel", "reden"))
        writer.writerows(
            (each.line, written(plain(each.source_key)), written(plain(each.reason)))
            for each in refused
        )


def plain(text: str) -> str:
    """The text of a file without signs that steer a terminal, or that a spreadsheet cannot hold."""
    return "".join("\ufffd" if unicodedata.category(sign) == "Cc" else sign for sign in text)
