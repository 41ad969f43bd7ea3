"""What comes in has bounds: no day of the year 1, no amount without end, at any operation."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.http.schema import Amount, Day, Instant
from shared.settings import SERVICES

DOCS = Path(__file__).resolve().parents[2] / "docs" / "openapi"
TIMES = {"date", "date-time"}
NUMBERS = {"integer", "number"}
LEAST, MOST = {"minimum", "exclusiveMinimum"}, {"maximum", "exclusiveMaximum"}


class Document:
    """One OpenAPI document, and every value that its operations take."""

    def __init__(self, service: str) -> None:
        self.all = json.loads((DOCS / f"{service}.json").read_text("utf-8"))

    def taken(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for path, item in self.all["paths"].items():
            for method, operation in item.items():
                if method == "parameters":
                    continue
                where = f"{method} {path}"
                for parameter in [*operation.get("parameters", []), *item.get("parameters", [])]:
                    found = self.whole(parameter)
                    yield from self.values(f"{where} ?{found['name']}", found["schema"], ())
                content = self.whole(operation.get("requestBody", {})).get("content", {})
                for media in content.values():
                    yield from self.values(where, media["schema"], ())

    def whole(self, schema: dict[str, Any]) -> dict[str, Any]:
        if "$ref" not in schema:
            return schema
        found: dict[str, Any] = self.all
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return found

    def values(
        self, where: str, schema: dict[str, Any], within: tuple[str, ...]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        if (name := schema.get("$ref", "")) in within:
            return
        found, inside = self.whole(schema), (*within, name) if name else within
        yield where, found
        for name, part in found.get("properties", {}).items():
            yield from self.values(f"{where}.{name}", part, inside)
        for kind in ("anyOf", "oneOf", "allOf", "prefixItems"):
            for part in found.get(kind, []):
                yield from self.values(where, part, inside)
        for kind in ("items", "additionalProperties"):
            if isinstance(found.get(kind), dict):
                yield from self.values(f"{where}[]", found[kind], inside)


def unbounded(schema: dict[str, Any]) -> bool:
    kind, keys = schema.get("type"), schema.keys()
    if kind == "string" and schema.get("format") in TIMES:
        return not {"formatMinimum", "formatExclusiveMaximum"} <= keys
    if kind in NUMBERS:
        return not (LEAST & keys and MOST & keys)
    if kind == "string" and not {"enum", "const"} & keys and schema.get("format") != "uuid":
        return "maxLength" not in keys and not _short(schema.get("pattern", ""))
    return False


def _short(pattern: str) -> bool:
    """A pattern from begin to end without a part that may be repeated for ever."""
    without_classes = re.sub(r"\[[^\]]*\]", "x", pattern)
    return pattern.startswith("^") and not re.search(r"[^\\][*+]|,\}", without_classes)


@pytest.mark.parametrize("service", SERVICES)
def test_no_day_amount_or_text_that_comes_in_is_without_bounds(service: str) -> None:
    taken = list(Document(service).taken())
    assert len(taken) > 20
    assert [where for where, schema in taken if unbounded(schema)] == []


@pytest.mark.parametrize("service", SERVICES)
def test_no_body_has_alternatives_beside_its_fields(service: str) -> None:
    """Generators of clients lose the fields of such a body."""
    mixed = {
        where
        for where, schema in Document(service).taken()
        if "properties" in schema and {"anyOf", "oneOf", "allOf", "not", "if"} & schema.keys()
    }
    assert mixed == set()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time", "formatMinimum": "1990-01-01T00:00:00Z"},
        {"type": "integer", "minimum": 0},
        {"type": "number"},
        {"type": "string"},
        {"type": "string", "pattern": "^-?[0-9]+$"},
    ],
)
def test_what_has_no_bounds_would_be_seen(schema: dict[str, Any]) -> None:
    assert unbounded(schema)


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "1989-12-31", "2100-01-01"])
def test_days_and_moments_outside_are_refused(day: str) -> None:
    for kind, text in ((Day, day), (Instant, f"{day}T12:00:00Z")):
        with pytest.raises(ValidationError, match="tussen 1990 en 2100"):
            TypeAdapter[Any](kind).validate_python(text)


def test_the_document_knows_which_years_a_day_may_have() -> None:
    """`formatMinimum` is read by few; a pattern by everybody."""
    kind = TypeAdapter[Any](Day)
    pattern = kind.json_schema()["pattern"]
    for year in (1, 1899, 1989, 1990, 1999, 2000, 2026, 2099, 2100, 2199, 9999):
        day = date(year, 12, 31).isoformat()
        known = re.search(pattern, day) is not None
        assert known == (1990 <= year < 2100), day
        if known:
            assert kind.validate_python(day) == date(year, 12, 31)


def test_what_is_stored_is_shown_whatever_it_is() -> None:
    old = datetime(1, 1, 1, tzinfo=UTC)
    assert TypeAdapter[Any](Instant).validate_python(old) == old
    assert TypeAdapter[Any](Day).validate_python(old.date()) == old.date()


def test_an_amount_ends_below_a_million_million() -> None:
    with pytest.raises(ValidationError):
        TypeAdapter[Any](Amount).validate_python("1000000000000.00")
