"""Finds the services by name: the only place that knows where they live."""

from collections.abc import Iterable, Sequence
from importlib import import_module

from fastapi import FastAPI

from shared.service import ServiceSpec, build_service
from shared.settings import SERVICES, Settings

ALL = "all"


class UnknownServiceError(ValueError):
    """There is no service of that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Onbekende dienst '{name}'. Kies uit: {', '.join(SERVICES)}.")


def named(name: str) -> Sequence[str]:
    """The service of that name, or all of them."""
    if name == ALL:
        return SERVICES
    if name not in SERVICES:
        raise UnknownServiceError(name)
    return (name,)


def spec_of(name: str) -> ServiceSpec:
    """What the service consists of."""
    spec: ServiceSpec = import_module(f"services.{name}.main").SPEC
    return spec


def load(names: Iterable[str]) -> None:
    """Load the code of these services."""
    for name in names:
        spec_of(name)


def load_tables() -> None:
    """Load the tables of every service, which their migrations need."""
    for name in SERVICES:
        import_module(f"services.{name}.tables")


def app_of(name: str, settings: Settings) -> FastAPI:
    """The application of the service."""
    return build_service(spec_of(name), settings)
