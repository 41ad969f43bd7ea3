"""A body that is read in one step comes to what FastAPI makes of it, in every operation."""

import json
from typing import Any, get_type_hints

import pytest
import schemathesis
from fastapi.routing import APIRoute
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from deploy.services import spec_of
from shared.http.operation import body_alone
from shared.settings import SERVICES
from tests.contract.operations import DOCUMENTS

ALONE = {
    f"{name} {route.path}": (name, route, model)
    for name in SERVICES
    for route in spec_of(name).api.routes
    if isinstance(route, APIRoute) and (model := body_alone(route.endpoint))
}
readings = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


def _read(model: type[BaseModel], body: bytes) -> BaseModel | None:
    """As FastAPI does: JSON into plain values, those into the model."""
    try:
        return model.model_validate(json.loads(body))
    except ValidationError:
        return None


def _read_at_once(model: type[BaseModel], body: bytes) -> BaseModel | None:
    try:
        return model.model_validate_json(body)
    except ValidationError:
        return None


def _bodies(service: str, path: str, method: str) -> st.SearchStrategy[Any]:
    document = schemathesis.openapi.from_dict(DOCUMENTS[service])
    strategy: st.SearchStrategy[Any] = document[path][method].as_strategy()
    return strategy.map(lambda case: case.body)


def test_there_are_such_operations() -> None:
    assert "intake /klachten" in ALONE
    assert (
        get_type_hints(ALONE["intake /klachten"][1].endpoint)["body"]
        is ALONE["intake /klachten"][2]
    )


@pytest.mark.parametrize("name", ALONE)
def test_both_ways_of_reading_come_to_the_same(name: str) -> None:
    service, route, model = ALONE[name]
    method = next(iter(route.methods or ()))

    @readings
    @given(_bodies(service, route.path, method), st.randoms(use_true_random=False))
    def same(value: Any, random: Any) -> None:
        for each in (value, _spoiled(value, random)):
            body = json.dumps(each).encode()
            assert _read_at_once(model, body) == _read(model, body)

    same()


def _spoiled(value: Any, random: Any) -> Any:
    """The same with another kind of value in one of its fields."""
    if not isinstance(value, dict) or not value:
        return value
    name = random.choice(sorted(value))
    others: tuple[Any, ...] = (
        None,
        True,
        1,
        1.5,
        "",
        "1",
        "2026-02-30",
        "\x00",
        "\ud800",
        [],
        {},
        10**400,
    )
    return {**value, name: random.choice(others)}
