"""Commands for the keys of the installation."""

import asyncio

import typer

from deploy.commands.common import configured

app = typer.Typer(help="Sleutels: welke de gegevens gebruiken, en ze vervangen.")


@app.command("status")
def status() -> None:
    """Toon per dienst het kenmerk van de sleutel in gebruik en van die van de gegevens."""
    from rich.console import Console
    from rich.table import Table

    from deploy import keys
    from shared.settings import SERVICES

    table = Table("dienst", "waarvoor", "instelling", "in gebruik", "van de gegevens")
    for each in asyncio.run(keys.standings(configured("keys"), SERVICES)):
        known = ", ".join(each.of_the_data) or "nog geen"
        table.add_row(each.service, each.purpose, each.setting, each.in_use, known)
    Console().print(table)


@app.command("rotate")
def rotate() -> None:
    """Zet alles over op de sleutels van de instellingen; de oude staan in de `_PREVIOUS`.

    Herstart eerst de diensten met beide, dan gebruikt niemand de oude nog. Mag worden afgebroken en
    herhaald. Herstart daarna de diensten zonder de `_PREVIOUS`.
    """
    from deploy import keys
    from shared.settings import SERVICES

    done = asyncio.run(keys.rotate(configured("keys"), SERVICES))
    for (service, purpose), count in done.items():
        typer.echo(f"{service}, {purpose}: {count} sleutels overgezet.")
