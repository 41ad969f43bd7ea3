"""Commands that run processes: the whole platform, or one part of it."""

import asyncio
import signal
from typing import Annotated

import typer

from deploy.commands.common import Service, ServiceOrAll, configured, fail
from deploy.home import DEFAULT_PORT, current

Host = Annotated[str, typer.Option(envvar="VTH_HOST", help="Adres om op te luisteren.")]
Port = Annotated[int, typer.Option(envvar=["PORT", "VTH_PORT"], help="Poort om op te luisteren.")]

MetricsPort = Annotated[
    int, typer.Option(envvar="VTH_METRICS_PORT", help="Poort voor /metrics; 0: geen.")
]


def register(app: typer.Typer) -> None:
    for command in (up, serve, worker, relay):
        app.command()(command)


def up(
    host: Host = "127.0.0.1",
    port: Port = DEFAULT_PORT,
    demo: Annotated[bool, typer.Option(help="Laad de eerste keer voorbeeldgegevens.")] = True,
) -> None:
    """Start het hele platform op deze machine, met een eigen PostgreSQL."""
    # Nothing runs yet: Ctrl-C ends us at once until the platform listens to it. As an exception in
    # the middle of an import it comes out as another error, or not at all.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    from rich.console import Console

    from deploy.local import CannotStartError, LocalPlatform, Options

    options = Options(current(), host, port, demo)
    try:
        asyncio.run(LocalPlatform(options, Console(highlight=False)).run())
    except CannotStartError as error:
        fail(str(error))


def serve(service: ServiceOrAll, host: Host = "127.0.0.1", port: Port = DEFAULT_PORT) -> None:
    """Serveer een dienst, of alle (all), over HTTP."""
    from deploy import revisions, services, web
    from deploy.supervisor import await_release

    names = services.named(service)
    services.load(names)
    await_release()
    found = configured(f"web-{service}")
    if not found.oidc_issuer and not found.token_key.get_secret_value():
        fail(
            "Niemand kan inloggen: geef VTH_OIDC_ISSUER op, of start met `make run` in de map van "
            "de installatie (VTH_HOME)."
        )
    asyncio.run(revisions.require_same(found, (*names, revisions.SESSIONS)))
    web.serve(names, found, host=host, port=port)


def worker(service: Service, metrics_port: MetricsPort = 0) -> None:
    """Draai relay, consumers en tijdgebonden taken van een dienst."""
    from deploy import revisions
    from deploy.worker import Part, run

    found = configured(f"worker-{service}")
    asyncio.run(revisions.require_same(found, (service,)))
    run(service, found, frozenset(Part), metrics_port)


def relay(service: Service, metrics_port: MetricsPort = 0) -> None:
    """Draai alleen de relay van een dienst: van outbox naar transport."""
    from deploy import revisions
    from deploy.worker import Part, run

    found = configured(f"relay-{service}")
    asyncio.run(revisions.require_same(found, (service,)))
    run(service, found, frozenset({Part.RELAY}), metrics_port)
