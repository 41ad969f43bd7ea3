"""Public events: complete, named in Dutch, without personal data, keyed by location."""

from datetime import UTC, datetime

import pytest

from shared.contracts.asyncapi import document
from shared.contracts.base import Event
from shared.contracts.intake import ComplaintLinked
from shared.contracts.registry import BY_TYPE, EVENTS, NOTICES
from shared.contracts.schemas import schema_of
from shared.ids import new_id
from shared.product.glossary import TERMS, wire_name

PERSONAL = {"naam", "email", "telefoon", "bsn", "melder"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_an_event_names_a_location_or_a_public_body_and_nobody_else(event: type[Event]) -> None:
    fields = set(schema_of(event)["properties"])
    named = ("locatie-geregistreerd", "deelnemer-geregistreerd")
    allowed = {"naam"} if event.type.endswith(named) else set()
    assert not fields & PERSONAL - allowed
    assert "versie" in fields


def test_types_are_unique() -> None:
    assert len(BY_TYPE) == len(EVENTS) + len(NOTICES)


def test_an_event_about_a_location_is_keyed_by_it() -> None:
    location = new_id()
    event = ComplaintLinked(
        version=2,
        complaint_id=new_id(),
        number="K-2026-000001",
        category="geur",
        received_at=datetime(2026, 1, 2, tzinfo=UTC),
        location_id=location,
        incident_id=new_id(),
    )
    assert event.key == location
    assert event.dataref.startswith("/intake/v1/klachten/")
    assert ComplaintLinked.model_validate_json(event.model_dump_json(by_alias=True)) == event


def test_a_field_without_a_term_is_refused() -> None:
    with pytest.raises(KeyError, match="shared/product/glossary_terms"):
        wire_name("unheard_of")


def test_wire_names_are_lower_camel_case() -> None:
    assert all(term.wire[0].islower() and "_" not in term.wire for term in TERMS.values())


def test_the_asyncapi_document_has_every_event_and_no_dangling_reference() -> None:
    found = document("1.0.0")
    assert len(found["components"]["messages"]) == len(EVENTS) + len(NOTICES)
    assert "$defs" not in str(found)
