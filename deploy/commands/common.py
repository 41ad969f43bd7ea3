"""What several commands share."""

import getpass
from typing import Annotated, NoReturn

import typer

from deploy.home import settings
from shared.settings import SERVICES, Settings
from shared.telemetry import configure_logging
from shared.tracing import start_tracing

ALL = "all"


def _service(value: str) -> str:
    if value not in SERVICES:
        raise typer.BadParameter(f"kies uit: {', '.join(SERVICES)}")
    return value


def _service_or_all(value: str) -> str:
    return value if value == ALL else _service(value)


Service = Annotated[str, typer.Argument(callback=_service, help=", ".join(SERVICES))]
ServiceOrAll = Annotated[
    str, typer.Argument(callback=_service_or_all, help=f"{', '.join(SERVICES)} of {ALL}")
]


def configured(process: str) -> Settings:
    """The settings, with logging set up for a long-running process."""
    found = settings()
    configure_logging(service=process, form=found.log_format, level=found.log_level)
    start_tracing(process, found.otlp_endpoint, ratio=found.trace_ratio)
    return found


def operator() -> str:
    """Who types, as it is kept with what they do."""
    return f"commandoregel:{getpass.getuser()}"


def fail(message: str) -> NoReturn:
    """Say why on standard error and end with code 1."""
    typer.secho(message, fg=typer.colors.RED, err=True)
    raise typer.Exit(1)
