"""Every text that comes in has a form: one without may hold signs that no database keeps."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from deploy import services
from shared.service import api_of
from shared.settings import SERVICES, Settings

FORMS = frozenset({"pattern", "format", "enum", "const"})


def inputs(document: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The schema of every parameter and body, with where it stands."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for each in operation.get("parameters", ()):
                yield f"{method} {path} {each['name']}", each["schema"]
            for body in operation.get("requestBody", {}).get("content", {}).values():
                yield f"{method} {path}", body["schema"]


def texts(
    schema: Mapping[str, Any], where: str, known: Mapping[str, Any], seen: set[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every text inside the schema."""
    if reference := schema.get("$ref"):
        name = reference.rpartition("/")[2]
        if name not in seen:
            yield from texts(known[name], name, known, seen | {name})
        return
    if schema.get("type") == "string":
        yield where, schema
    for each in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from texts(each, where, known, seen)
    for name, inner in schema.get("properties", {}).items():
        yield from texts(inner, f"{where}.{name}", known, seen)
    if "items" in schema:
        yield from texts(schema["items"], f"{where}[]", known, seen)


@pytest.mark.parametrize("service", SERVICES)
def test_every_text_has_a_form(service: str, server_settings: Settings) -> None:
    document = api_of(services.app_of(service, server_settings)).openapi()
    known = document["components"]["schemas"]
    found = [
        text for where, schema in inputs(document) for text in texts(schema, where, known, set())
    ]
    assert len(found) > 10
    assert not [where for where, schema in found if not FORMS & schema.keys()]
