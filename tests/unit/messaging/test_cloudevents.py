"""The codec against the CloudEvents project's own package."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary
from cloudevents.core.bindings.kafka import to_binary as oracle_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.cloudevents import (
    STRUCTURED,
    Envelope,
    MalformedEventError,
    from_record,
    from_structured,
    is_readable,
    to_binary,
    to_structured,
)
from shared.messaging.transport import Message

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(
    lambda text: f"x{text}"
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
ENVELOPES = st.builds(
    Envelope,
    id=st.uuids().map(str) | TEXT,
    source=TEXT,
    type=TEXT,
    data=st.dictionaries(st.text(max_size=5), JSON, max_size=3).map(orjson.dumps),
    key=TEXT,
    topic=st.just("vth.intake.v1"),
    time=st.none() | st.datetimes(timezones=st.just(UTC)),
    subject=st.none() | TEXT,
    sequence=st.none() | st.integers(1, 2**31 - 1),
    dataref=st.none() | TEXT,
    dataschema=st.none() | TEXT,
    traceparent=st.none() | TEXT,
    participant=st.none() | TEXT,
    datacontenttype=st.just("application/json"),
)
# The oracle gives an event without a time the present one.
TIMED = st.builds(
    lambda event, time: event._replace(time=time),
    ENVELOPES,
    st.datetimes(timezones=st.just(UTC)),
)


def wire_attributes(event: CloudEvent) -> dict[str, Any]:
    return {name: value for name, value in event.get_attributes().items() if value is not None}


@given(ENVELOPES)
def test_binary_mode_survives_the_round_trip(envelope: Envelope) -> None:
    assert from_record(to_binary(envelope)) == envelope


@given(ENVELOPES)
def test_structured_mode_survives_the_round_trip(envelope: Envelope) -> None:
    assert from_structured(to_structured(envelope), topic=envelope.topic) == envelope


@given(TIMED)
def test_the_oracle_reads_what_we_write(envelope: Envelope) -> None:
    message = to_binary(envelope)
    headers = {name: value.encode() for name, value in message.headers.items()}
    event = from_binary(KafkaMessage(headers, message.key.encode(), message.value), JSONFormat())
    assert isinstance(event, CloudEvent)
    assert event.get_data() == orjson.loads(envelope.data)
    expected = {
        "specversion": "1.0",
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "partitionkey": envelope.key,
        "datacontenttype": "application/json",
        "time": envelope.time,
        "subject": envelope.subject,
        "dataref": envelope.dataref,
        "dataschema": envelope.dataschema,
        "traceparent": envelope.traceparent,
        "deelnemer": envelope.participant,
    }
    if envelope.sequence is not None:
        expected |= {"sequence": str(envelope.sequence), "sequencetype": "Integer"}
    assert wire_attributes(event) == {k: v for k, v in expected.items() if v is not None}


@given(TIMED)
def test_we_read_what_the_oracle_writes(envelope: Envelope) -> None:
    structured = JSONFormat().read(None, to_structured(envelope))
    assert isinstance(structured, CloudEvent)
    message = oracle_binary(structured, JSONFormat())
    headers = {name: value.decode() for name, value in message.headers.items()}
    key = str(message.key)
    ours = from_record(
        Message(envelope.topic, key, headers, orjson.dumps(orjson.loads(message.value)))
    )
    assert ours == envelope
    assert from_structured(JSONFormat().write(structured), topic=envelope.topic) == envelope


def an_event(**changes: Any) -> Envelope:
    values: dict[str, Any] = {
        "id": "1",
        "source": "urn:nld:oin:00000001823288444000:systeem:vth-klachten",
        "type": "nl.vth.klachten.klacht-ontvangen",
        "data": b'{"nummer":"K1"}',
        "key": "k",
    }
    return Envelope(**values | changes)


def test_the_structured_form_over_http_reads_like_the_profile() -> None:
    event = an_event(
        time=datetime(2026, 10, 1, 10, tzinfo=timezone(timedelta(hours=2))), sequence=1
    )
    assert json.loads(to_structured(event)) == {
        "specversion": "1.0",
        "id": "1",
        "source": "urn:nld:oin:00000001823288444000:systeem:vth-klachten",
        "type": "nl.vth.klachten.klacht-ontvangen",
        "time": "2026-10-01T08:00:00Z",
        "sequence": "1",
        "sequencetype": "Integer",
        "datacontenttype": "application/json",
        "partitionkey": "k",
        "data": {"nummer": "K1"},
    }


def test_a_structured_message_on_the_log_is_read_too() -> None:
    event = an_event()
    message = Message("t", "k", {"Content-Type": STRUCTURED}, to_structured(event))
    assert from_record(message) == an_event(topic="t")


def test_headers_in_other_case_are_read() -> None:
    message = to_binary(an_event())
    shouting = {name.upper(): value for name, value in message.headers.items()}
    assert from_record(message._replace(headers=shouting)) == an_event()


def test_the_bare_traceparent_of_the_last_hop_wins() -> None:
    message = to_binary(an_event(traceparent="00-a-b-01"))
    assert message.headers["ce_traceparent"] == message.headers["traceparent"] == "00-a-b-01"
    hopped = message._replace(headers={**message.headers, "traceparent": "00-a-c-01"})
    assert from_record(hopped).traceparent == "00-a-c-01"


def test_binary_data_travels_structured_as_base64() -> None:
    event = an_event(data=b"\x00\xff", datacontenttype="image/png")
    assert json.loads(to_structured(event))["data_base64"] == "AP8="
    assert from_structured(to_structured(event)) == event


@pytest.mark.parametrize("missing", ["ce_id", "ce_source", "ce_type", "ce_specversion"])
def test_what_lacks_a_mandatory_attribute_is_malformed(missing: str) -> None:
    message = to_binary(an_event())
    headers = {name: value for name, value in message.headers.items() if name != missing}
    with pytest.raises(MalformedEventError):
        from_record(message._replace(headers=headers))


@pytest.mark.parametrize("empty", ["ce_id", "ce_source", "ce_type"])
def test_an_attribute_without_content_is_missing(empty: str) -> None:
    message = to_binary(an_event())
    headers = {**message.headers, empty: ""}
    assert not is_readable(headers)
    with pytest.raises(MalformedEventError, match=empty):
        from_record(message._replace(headers=headers))


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"specversion":"0.3","id":"1","source":"s","type":"t"}', b"null"]
)
def test_what_is_no_event_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedEventError):
        from_structured(body)


def test_an_unreadable_time_is_malformed() -> None:
    message = to_binary(an_event())
    with pytest.raises(MalformedEventError):
        from_record(message._replace(headers={**message.headers, "ce_time": "gisteren"}))


def test_the_id_of_a_foreign_event_depends_on_its_source() -> None:
    own = uuid4()
    assert an_event(id=str(own)).event_id == own
    assert isinstance(an_event(id="2026/7").event_id, UUID)
    assert an_event(id="2026/7").event_id == an_event(id="2026/7").event_id
    assert an_event(id="2026/7").event_id != an_event(id="2026/7", source="urn:x").event_id
