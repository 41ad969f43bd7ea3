"""What a route depends on runs on the event loop: a plain function would cost a thread."""

import inspect
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant

from deploy.services import spec_of
from shared.settings import SERVICES


@pytest.mark.parametrize("name", SERVICES)
def test_no_dependency_needs_a_thread(name: str) -> None:
    spec = spec_of(name)
    found = {
        f"{call.__module__}.{call.__qualname__}"
        for dependant in _dependants([*spec.api.routes, *spec.pages.routes])
        for call in _calls(dependant)
        if not _on_the_loop(call)
    }
    assert found == set()


def _dependants(routes: Iterable[Any]) -> Iterator[Dependant]:
    for route in routes:
        if router := getattr(route, "original_router", None):
            yield from _dependants(router.routes)
        elif hasattr(route, "dependant"):
            yield route.dependant


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for each in dependant.dependencies:
        yield from _calls(each)


def _on_the_loop(call: Any) -> bool:
    called = call if inspect.isfunction(call) else type(call).__call__
    return inspect.iscoroutinefunction(called) or inspect.isasyncgenfunction(called)
