"""Grouping into runs keeps the order of each key."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.intake import ComplaintReceived
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery, Registry
from shared.messaging.received import Incoming, Skipped, look, read, runs
from shared.messaging.transport import Record


async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    return None


def incoming(number: int, event_type: str, key: str) -> Incoming:
    record = Record("t", 0, number, key, {}, b"")
    envelope = Envelope(id=str(number), source="s", type=event_type, data=b"", key=key)
    delivery: Delivery[Any] = Delivery(None, envelope)
    return Incoming(record, uuid4(), event_type, handle, delivery)


def flat(events: Sequence[Incoming]) -> list[tuple[int, str]]:
    return [
        (int(delivery.envelope.id), delivery.envelope.key)
        for run in runs(events)
        for delivery in run.deliveries
    ]


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("klmn")), max_size=40))
def test_runs_hold_every_event_once_and_keep_the_order_of_each_key(
    shape: list[tuple[str, str]],
) -> None:
    events = [incoming(number, kind, key) for number, (kind, key) in enumerate(shape)]
    handled = flat(events)
    assert sorted(number for number, _ in handled) == list(range(len(events)))
    for key in "klmn":
        of_key = [number for number, owner in handled if owner == key]
        assert of_key == sorted(of_key)
    for run in runs(events):
        assert {delivery.envelope.type for delivery in run.deliveries} == {run.type}


def test_events_of_other_keys_do_not_break_a_run() -> None:
    events = [incoming(number, "ab"[number % 2], f"key-{number}") for number in range(100)]
    assert [len(run.deliveries) for run in runs(events)] == [50, 50]


def test_alternating_types_of_one_key_stay_apart() -> None:
    events = [incoming(number, "ab"[number % 2], "k") for number in range(6)]
    assert [run.type for run in runs(events)] == ["a", "b", "a", "b", "a", "b"]


def test_the_same_key_on_another_topic_is_another_key() -> None:
    first = incoming(0, "a", "k")
    other = Incoming(replace(first.record, topic="u"), uuid4(), "b", handle, first.delivery)
    assert first.key != other.key


def binary(event_type: str, value: bytes, **headers: str) -> Record:
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_type": event_type,
        "ce_source": "urn:x",
        **headers,
    }
    return Record("t", 0, 7, "k", attributes, value)


REGISTRY = Registry({ComplaintReceived: handle})


def test_a_type_without_a_handler_is_passed_over() -> None:
    assert read([binary("nl.vth.elders.iets-gebeurd", b"{}")], REGISTRY) == []


def test_content_that_does_not_fit_is_told_by_its_wire_names_without_its_values() -> None:
    (found,) = read([binary(ComplaintReceived.type, b'{"versie":"geheim"}')], REGISTRY)
    assert found.delivery is None
    assert found.failure is not None
    assert "versie" in found.failure.error
    assert "geheim" not in found.failure.error + found.failure.traceback


def test_a_record_that_is_no_event_gets_a_lasting_id_from_its_place() -> None:
    record = Record("t", 0, 7, "k", {}, b"hallo")
    (first,), (again,) = read([record], REGISTRY), read([record], REGISTRY)
    (next_one,) = read([replace(record, offset=8)], REGISTRY)
    assert first.event_id == again.event_id != next_one.event_id
    assert first.failure is not None


def test_what_was_read_while_it_waited_is_not_read_again() -> None:
    event = binary(ComplaintReceived.type, b"{}")
    event.content = made = look(event, REGISTRY)
    assert read([event], REGISTRY) == [made]
    assert event.content is None


def test_what_is_of_no_interest_is_passed_over_when_read_ahead_too() -> None:
    event = binary("nl.vth.elders", b"{}")
    event.content = look(event, REGISTRY)
    assert isinstance(event.content, Skipped)
    assert read([event], REGISTRY) == []
