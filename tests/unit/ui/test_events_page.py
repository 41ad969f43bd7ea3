"""The pages for who builds on our events need no sign-in."""

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from shared.contracts.base import Event
from shared.contracts.registry import EVENTS, NOTICES
from shared.contracts.schemas import schema_of
from shared.settings import Settings
from shared.ui.portal import build_portal


@pytest.fixture(scope="module")
def portal() -> TestClient:
    return TestClient(build_portal(Settings(environment="local", token_key=SecretStr("k" * 32))))


def test_the_page_explains_every_event(portal: TestClient) -> None:
    shown = portal.get("/gebeurtenissen").text
    for event in EVENTS:
        assert f'id="{event.type}"' in shown


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_the_schema_that_an_event_names_is_there(portal: TestClient, event: type[Event]) -> None:
    answer = portal.get(f"/schemas/{event.type}/{event.schema_version}.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json() == schema_of(event)


@pytest.mark.parametrize("name", ["nl.vth.onbekend/1.0", "../1.0", "nl.vth.klachten.x/../1"])
def test_another_schema_is_not(portal: TestClient, name: str) -> None:
    assert portal.get(f"/schemas/{name}.json").status_code == 404


def test_the_asyncapi_document_is_served(portal: TestClient) -> None:
    assert len(portal.get("/asyncapi.json").json()["components"]["messages"]) == len(EVENTS) + len(
        NOTICES
    )
