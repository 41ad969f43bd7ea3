"""The command line `vth`: the same commands on a laptop and in production."""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    # While the modules load there is nothing to end in good order.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import typer

from deploy.commands import (
    check,
    contracts,
    data,
    events,
    imports,
    keys,
    processes,
    sessions,
    tokens,
)
from deploy.error_sentences import sentence_of

app = typer.Typer(
    name="vth",
    help="VTH Platform: van klacht tot afrekening.",
    no_args_is_help=True,
    add_completion=False,
    # A traceback in a log must be plain text, without values.
    pretty_exceptions_enable=False,
)
processes.register(app)
data.register(app)
imports.register(app)
tokens.register(app)
contracts.register(app)
check.register(app)
app.add_typer(events.app, name="events")
app.add_typer(keys.app, name="keys")
app.add_typer(sessions.app, name="sessions")


def main() -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        app()
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        typer.secho(sentence, fg=typer.colors.RED, err=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
