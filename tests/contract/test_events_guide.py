"""What readers outside are told of events: complete, and examples that are what they say."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from pydantic import BaseModel

from shared.contracts import asyncapi, guide
from shared.contracts.base import Event
from shared.contracts.registry import EVENTS, NOTICES
from shared.contracts.schemas import schema_of
from shared.contracts.texts import MEANING, WHEN

ROOT = Path(__file__).resolve().parents[2]
LINTER = ROOT / "tools" / "lint_events.py"
ALL = (*EVENTS, *NOTICES)
every = pytest.mark.parametrize("event", ALL, ids=lambda event: event.type)


def names_in(model: type[BaseModel]) -> Iterator[str]:
    for name, info in model.model_fields.items():
        yield name
        for kind in guide._kinds_of(info.annotation):
            if issubclass(kind, BaseModel):
                yield from names_in(kind)


def test_every_text_is_used_and_none_is_missing() -> None:
    assert set(WHEN) == {event.type for event in ALL}
    assert set(MEANING) == {name for event in ALL for name in names_in(event)}


@every
def test_an_example_has_every_field_and_fits_its_schema(event: type[Event]) -> None:
    data = guide.document_of(event)["data"]
    validator = jsonschema_rs.validator_for(schema_of(event), validate_formats=True)
    assert [str(error) for error in validator.iter_errors(data)] == []
    assert set(data) == set(schema_of(event)["properties"])


@every
def test_an_example_is_a_cloudevent(event: type[Event]) -> None:
    document = json.dumps(guide.document_of(event))
    read = JSONFormat().read(CloudEvent, document)
    assert read.get_type() == event.type


def test_the_guide_names_every_event_and_field() -> None:
    text = guide.markdown()
    for event in ALL:
        assert f"`{event.type}`" in text
        for wire in schema_of(event)["properties"]:
            assert f"| `{wire}` |" in text


def linted(path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(LINTER), str(path)], capture_output=True, text=True, check=False
    )


def test_the_official_parser_takes_the_asyncapi_document(tmp_path: Path) -> None:
    path = tmp_path / "asyncapi.json"
    path.write_text(json.dumps(asyncapi.document()), "utf-8")
    done = linted(path)
    assert done.returncode == 0, done.stderr
    assert f"{len(ALL)} messages in 8 channels" in done.stdout


def _without_title(document: dict[str, Any]) -> None:
    del document["info"]["title"]


def _with_a_dangling_reference(document: dict[str, Any]) -> None:
    document["operations"]["intakePubliceert"]["channel"]["$ref"] = "#/channels/nergens"


def _with_a_schema_that_is_none(document: dict[str, Any]) -> None:
    message = document["components"]["messages"]["ComplaintReceived"]
    message["payload"]["properties"]["nummer"]["type"] = "tekst"


@pytest.mark.parametrize(
    "spoil", [_without_title, _with_a_dangling_reference, _with_a_schema_that_is_none]
)
def test_the_official_parser_refuses(spoil: Any, tmp_path: Path) -> None:
    document = asyncapi.document()
    spoil(document)
    path = tmp_path / "asyncapi.json"
    path.write_text(json.dumps(document), "utf-8")
    assert linted(path).returncode == 1
