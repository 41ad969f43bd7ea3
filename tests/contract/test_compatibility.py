"""The check that published events only grow, on every event and on each kind of change."""

import copy
from typing import Any

import pytest

from shared.contracts.registry import EVENTS
from shared.contracts.schemas import as_text, schema_of
from tools.check_contracts import breaks, whole

OLD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "nummer": {"type": "string", "title": "Nummer"},
        "status": {"enum": ["open", "dicht"], "type": "string"},
        "plaats": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
    "required": ["nummer"],
}


def changed(**properties: Any) -> dict[str, Any]:
    new = copy.deepcopy(OLD)
    new["properties"] |= properties
    return new


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_is_compatible_with_itself(event: Any) -> None:
    schema = whole(as_text(schema_of(event)))
    assert "$ref" not in as_text(schema["properties"])
    assert not list(breaks(schema, schema))


def test_an_optional_field_and_other_words_may_be_added() -> None:
    new = changed(kleur={"type": "string"}, nummer={"type": "string", "title": "Kenmerk"})
    assert not list(breaks(OLD, new))


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (changed(nummer={"type": "integer"}), "nummer"),
        (changed(status={"enum": ["open"], "type": "string"}), "status"),
        (changed(status={"enum": ["open", "weg"], "type": "string"}), "dicht became weg"),
        (changed(plaats={"anyOf": [{"type": "string"}, {"type": "object"}]}), "plaats"),
        ({**OLD, "required": []}, "nummer: required was True"),
        ({**OLD, "required": ["nummer", "status"]}, "status: required was False"),
        ({**OLD, "properties": {"nummer": {"type": "string"}}}, "plaats: taken away"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_breaks_a_reader_is_seen(new: dict[str, Any], said: str) -> None:
    assert any(said in each for each in breaks(OLD, new))
