"""Commands that write the published contracts from the code."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy import home
from shared.settings import SERVICES

Folder = Annotated[Path, typer.Option(help="Map om in te schrijven.")]
DOCS = Path("docs")
# The version of the events together; each event has one of its own in its schema.
EVENTS_VERSION = "1.0.0"


def register(app: typer.Typer) -> None:
    for command in (openapi, asyncapi):
        app.command()(command)


def openapi(folder: Folder = DOCS) -> None:
    """Schrijf openapi/<dienst>.json van elke dienst."""
    from deploy.services import app_of
    from shared.http.service import api_of

    settings = home.settings()
    for name in SERVICES:
        _write(folder / "openapi" / f"{name}.json", api_of(app_of(name, settings)).openapi())


def asyncapi(folder: Folder = DOCS) -> None:
    """Schrijf asyncapi.json: de gebeurtenissen en hun topics."""
    from shared.contracts.asyncapi import document

    _write(folder / "asyncapi.json", document(EVENTS_VERSION))


def _write(path: Path, document: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    path.write_text(f"{text}\n", "utf-8")
    typer.echo(path)
