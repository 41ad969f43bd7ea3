"""A token for trying the API out on a local installation."""

from typing import Annotated

import typer

from deploy.commands.common import fail
from deploy.home import settings


def register(app: typer.Typer) -> None:
    app.command()(token)


def token(
    user: Annotated[str, typer.Argument(help="Voorbeeldgebruiker.")] = "beheer",
    hours: Annotated[float, typer.Option(help="Hoe lang het token geldt.")] = 12,
) -> None:
    """Geef een token van een voorbeeldgebruiker, voor `Authorization: Bearer`."""
    from shared.auth.issuer import BY_SUBJECT, issue

    if user not in BY_SUBJECT:
        fail(f"Onbekende gebruiker '{user}'. Kies uit: {', '.join(BY_SUBJECT)}.")
    try:
        typer.echo(issue(settings(), BY_SUBJECT[user], hours=hours))
    except PermissionError as error:
        fail(str(error))
