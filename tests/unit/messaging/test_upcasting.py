"""An event of an old major version is read as the new one, by consumers, rebuilds and the kit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID, uuid4

import orjson
import pytest
from sqlalchemy import MetaData

from shared import client
from shared.clock import SystemClock
from shared.contracts.base import Event
from shared.contracts.upcasting import Upcaster, UpcastError, upcast, way_to
from shared.db.outbox import Publisher
from shared.db.unit_of_work import UnitOfWork
from shared.messaging.cloudevents import Envelope
from shared.messaging.handlers import Delivery, Registry
from shared.messaging.received import Incoming, read, runs
from shared.messaging.tables import messaging_tables
from shared.messaging.transport import Record

KEY = uuid4()


class Noted(Event):
    """The third major version: a number became an amount of minutes, and has a unit no more."""

    type: ClassVar[str] = "nl.vth.proeven.proef-genoteerd.v3"
    service: ClassVar[str] = "intake"
    resource: ClassVar[str] = "proeven"

    complaint_id: UUID
    minutes: int

    @property
    def subject(self) -> UUID:
        return self.complaint_id


class OldNoted(Noted):
    """The second one, as it is published beside the third for one release."""

    type: ClassVar[str] = "nl.vth.proeven.proef-genoteerd.v2"
    succeeded_by: ClassVar[str] = Noted.type


def hours_to_number(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "aantal": int(document["uren"]) * 60}


def number_to_minutes(document: dict[str, Any]) -> dict[str, Any]:
    return {**document, "minuten": document["aantal"]}


V1 = "nl.vth.proeven.proef-genoteerd"
UPCASTERS = (
    Upcaster(V1, OldNoted.type, hours_to_number),
    Upcaster(OldNoted.type, Noted.type, number_to_minutes),
)


async def handle(deliveries: Sequence[Delivery[Any]], work: UnitOfWork) -> None:
    return None


REGISTRY = Registry({Noted: handle}, UPCASTERS)


def record(event_type: str, **headers: str) -> Record:
    data: dict[str, Any] = {"versie": 1, "klachtId": str(KEY)}
    of_type: dict[str, dict[str, Any]] = {
        V1: {"uren": "2"},
        OldNoted.type: {"aantal": 7},
        Noted.type: {"minuten": 5},
    }
    data |= of_type[event_type]
    attributes = {
        "ce_specversion": "1.0",
        "ce_id": str(uuid4()),
        "ce_type": event_type,
        "ce_source": "urn:x",
        **headers,
    }
    return Record("t", 0, 7, "k", attributes, orjson.dumps(data))


def minutes(found: Sequence[Incoming]) -> list[int]:
    return [each.delivery.event.minutes for each in found if each.delivery]


def test_every_major_version_comes_as_the_newest_and_in_one_run() -> None:
    records = [record(V1), record(Noted.type), record(OldNoted.type), record(V1)]
    found = read(records, REGISTRY)
    assert minutes(found) == [120, 5, 7, 120]
    assert {type(each.delivery.event) for each in found if each.delivery} == {Noted}
    assert [len(run.deliveries) for run in runs(found)] == [4]


def test_of_twins_only_the_new_one_counts() -> None:
    old, new = record(OldNoted.type, ce_opvolger=Noted.type), record(Noted.type)
    assert minutes(read([old, new], REGISTRY)) == [5]


def test_who_reads_the_old_type_itself_gets_it_as_it_is() -> None:
    twin = record(OldNoted.type, ce_opvolger=Noted.type)
    data = orjson.dumps({**orjson.loads(twin.value), "minuten": 9})
    registry = Registry({OldNoted: handle}, UPCASTERS)
    assert minutes(read([replace(twin, value=data)], registry)) == [9]
    assert read([record(Noted.type)], registry) == []


def test_data_that_the_upcaster_cannot_read_is_parked_without_its_content() -> None:
    broken = replace(record(V1), value=b'{"uren": "geheim"}')
    (found,) = read([broken], REGISTRY)
    assert found.delivery is None
    assert found.failure is not None
    assert found.failure.error == "UpcastError: hours_to_number: ValueError"
    assert "geheim" not in found.failure.traceback


def test_a_type_that_no_way_leads_from_is_passed_over() -> None:
    assert way_to("nl.vth.elders.iets", {Noted.type}, UPCASTERS) is None
    circle = (Upcaster("a", "b", number_to_minutes), Upcaster("b", "a", number_to_minutes))
    assert way_to("a", {Noted.type}, circle) is None


def test_what_is_no_json_cannot_be_made_into_the_new_type() -> None:
    with pytest.raises(UpcastError, match="JSON"):
        upcast(b"{", [number_to_minutes])


def test_the_old_event_names_its_successor_when_it_is_published() -> None:
    publisher = Publisher(messaging_tables(MetaData()).outbox, source="urn:x")
    now = SystemClock().now()
    old, new = (
        publisher.row(each(version=1, complaint_id=KEY, minutes=5), now)
        for each in (OldNoted, Noted)
    )
    assert old["headers"]["opvolger"] == Noted.type
    assert "opvolger" not in new["headers"]


def test_the_kit_for_others_gives_the_new_class(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "BY_TYPE", {Noted.type: Noted})
    monkeypatch.setattr(client, "UPCASTERS", UPCASTERS)
    old = record(V1)
    event = client.typed(Envelope(id="1", source="s", type=V1, data=old.value))
    assert isinstance(event, Noted)
    assert event.minutes == 120
