"""Commands that write the published contracts from the code."""

from pathlib import Path
from typing import Annotated

import typer

from shared.settings import SERVICES

Folder = Annotated[Path, typer.Option(help="Map om in te schrijven.")]
DOCS = Path("docs")


def register(app: typer.Typer) -> None:
    for command in (openapi, asyncapi):
        app.command()(command)


def openapi(folder: Folder = DOCS) -> None:
    """Schrijf openapi/<dienst>.json van elke dienst."""
    from deploy import documents

    for name in SERVICES:
        _write(folder / "openapi" / f"{name}.json", documents.as_text(documents.openapi_of(name)))


def asyncapi(folder: Folder = DOCS) -> None:
    """Schrijf asyncapi.json: de gebeurtenissen en hun topics."""
    from deploy import documents

    _write(folder / "asyncapi.json", documents.as_text(documents.events()))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    typer.echo(path)
