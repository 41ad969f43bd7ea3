"""JSON Schemas of the public events, as committed in `shared/contracts/schemas/`."""

import json
from pathlib import Path
from typing import Any

from shared.contracts.base import Event
from shared.contracts.registry import EVENTS, NOTICES

FOLDER = Path(__file__).parent / "schemas"


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of the event's data."""
    schema = event.model_json_schema(by_alias=True, mode="serialization")
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = event.type
    return schema


def files() -> dict[Path, str]:
    """Every schema file and its text: `<type>/<major>.<minor>.json`."""
    return {
        FOLDER / event.type / f"{event.schema_version}.json": as_text(schema_of(event))
        for event in (*EVENTS, *NOTICES)
    }


def as_text(document: dict[str, Any]) -> str:
    """A document as it is committed."""
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
