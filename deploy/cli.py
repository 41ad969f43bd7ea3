"""The command line `vth`: the same commands on a laptop and in production."""

import typer

from deploy.commands import contracts, data, events, processes, tokens

app = typer.Typer(
    name="vth",
    help="VTH Platform: van klacht tot afrekening.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
processes.register(app)
data.register(app)
tokens.register(app)
contracts.register(app)
app.add_typer(events.app, name="events")


def main() -> None:
    app()


if __name__ == "__main__":
    main()
